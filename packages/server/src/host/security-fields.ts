// What keeps browsers from doing more with an answer than it is for, as helmet has it; worked out once.
import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

export type SecurityFields = Readonly<Record<string, string>>

/** `scheme`: by which clients reach the server. `sharing`: whether pages from elsewhere may embed what is answered. */
export function securityFieldsOf(scheme: 'http' | 'https', sharing: 'same-origin' | 'cross-origin'): SecurityFields {
  const fields: Record<string, string> = {}
  const response = {
    setHeader(name: string, value: string) {
      fields[name.toLowerCase()] = value
    },
    removeHeader: () => {},
  }
  const protect = helmet({
    // An answer that is a document says what it needs; nothing else is one.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: sharing },
    frameguard: { action: 'deny' },
    strictTransportSecurity: scheme === 'https',
    // For documents with scripts, or browsers of long ago.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  protect({} as IncomingMessage, response as unknown as ServerResponse, error => {
    if (error) throw error
  })
  return fields
}
