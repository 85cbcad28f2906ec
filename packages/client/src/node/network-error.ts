// What Node and undici say about a failure, in words for a person.
import { ComityError, NetworkError, type NetworkErrorKind, type Phase } from '../errors.ts'
import { originOf, shownUrl } from '../exchange/target.ts'

const byCode: Readonly<Record<string, NetworkErrorKind>> = {
  ENOTFOUND: 'name-not-known',
  EAI_AGAIN: 'name-not-known',
  EAI_NONAME: 'name-not-known',
  EAI_NODATA: 'name-not-known',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'interrupted',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_DESTROYED: 'closed',
  UND_ERR_CLOSED: 'closed',
}

const tls = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/
const parser = /^(?:HPE_|ERR_HTTP2)/

/** The error of a call whose attempt at `phase` ended with this. */
export function networkError(cause: unknown, phase: Phase, method: string, url: string): Error {
  if (cause instanceof ComityError) return cause
  const code = codeOf(cause)
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED')
    return new TypeError(`this request cannot be sent: ${(cause as Error).message}`, { cause })
  let kind: NetworkErrorKind = byCode[code] ?? (tls.test(code) ? 'tls' : parser.test(code) ? 'protocol' : 'unknown')
  if (kind === 'reset' && phase === 'receive') kind = 'interrupted'
  return new NetworkError(kind, phase, `${method} ${shownUrl(url)} failed: ${words(kind, phase, url, cause)}`, {
    cause,
  })
}

function words(kind: NetworkErrorKind, phase: Phase, url: string, cause: unknown): string {
  const origin = originOf(url)
  const { hostname } = new URL(origin)
  const proxy = proxyIn(cause, origin)
  if (proxy !== undefined && kind === 'refused') return `nothing listens at the proxy ${proxy}`
  if (proxy !== undefined && kind === 'name-not-known') return `the name ${proxy} of the proxy is not known`
  switch (kind) {
    case 'name-not-known':
      return `the name ${hostname} is not known`
    case 'refused':
      return `nothing listens at ${origin}`
    case 'reset':
      return phase === 'connect'
        ? `${hostname} broke off while the connection was made`
        : `${hostname} broke off the connection before it answered`
    case 'interrupted':
      return 'the content of the response ended before its end'
    case 'tls':
      return `no trusted connection to ${hostname}: ${tlsWords(codeOf(cause))}`
    case 'timeout':
      return phase === 'connect'
        ? `${hostname} did not take the connection in time`
        : phase === 'receive'
          ? 'the content of the response stopped coming'
          : `${hostname} did not answer in time`
    case 'unreachable':
      return `there is no way to ${hostname} from here`
    case 'protocol':
      return `what ${hostname} sent is not well-formed HTTP`
    case 'too-large':
      return `${hostname} sent a larger head than is allowed`
    case 'closed':
      return 'the client is closed'
    case 'aborted':
      return 'it was aborted'
    default:
      return cause instanceof Error ? cause.message : 'for a reason that is not known'
  }
}

/** What could not be reached, where it is not what was asked. */
function proxyIn(cause: unknown, origin: string): string | undefined {
  const { protocol, hostname, port } = new URL(origin)
  const error = cause instanceof AggregateError ? cause.errors[0] : cause
  const told: { readonly address?: unknown; readonly port?: unknown; readonly hostname?: unknown } = Object(error)
  if (typeof told.hostname === 'string' && told.hostname !== hostname.replace(/^\[|\]$/g, '')) return told.hostname
  if (typeof told.port !== 'number' || String(told.port) === (port || (protocol === 'https:' ? '443' : '80')))
    return undefined
  return `${told.address}:${told.port}`
}

function tlsWords(code: string): string {
  if (code.includes('EXPIRED')) return 'its certificate has expired'
  if (code.includes('NOT_YET')) return 'its certificate is not valid yet'
  if (code.includes('SELF_SIGNED')) return 'its certificate is signed by itself'
  if (code.includes('ALTNAME') || code.includes('HOSTNAME')) return 'its certificate is for another name'
  if (code.includes('UNABLE_TO') || code.includes('CA')) return 'nobody known here vouches for its certificate'
  return `TLS failed (${code})`
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { code } = error as NodeJS.ErrnoException
  if (typeof code === 'string') return code
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return error.name === 'HTTPParserError' ? 'HPE_' : ''
}
