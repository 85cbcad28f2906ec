// RFC 9112 §3.2: the forms of a request target
import type { IncomingMessage } from 'node:http'

const absolute = /^https?:\/\/([^/?#]+)(.*)$/i

/**
 * The target in origin-form. §3.2.2: the authority of an absolute-form takes the place of Host. §3.2.4: an
 * asterisk-form is for OPTIONS, and stands for the root. What is none of the forms becomes a path that names nothing.
 */
export function originForm(request: Pick<IncomingMessage, 'url' | 'method' | 'headers'>): string {
  const target = request.url ?? '/'
  if (target.startsWith('/')) return target
  if (target === '*' && request.method === 'OPTIONS') return '/'
  const [, authority, rest = ''] = absolute.exec(target) ?? []
  if (authority === undefined) return `/${target}`
  request.headers.host = authority
  return rest.startsWith('/') ? rest : `/${rest}`
}
