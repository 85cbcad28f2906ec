// RFC 9110 §9: methods, with every row of the IANA HTTP Method Registry

/**
 * What a method promises. `cacheable`: a response may be kept for a later request; that of POST or PATCH only with
 * explicit freshness and a `Content-Location`, and only for later GETs. `content` of a request: `'none'` has no
 * meaning there, `'may'` has one, `'expected'` is what the method is about.
 */
export type Method = {
  readonly name: string
  readonly safe: boolean
  readonly idempotent: boolean
  readonly cacheable: boolean
  readonly content: 'none' | 'may' | 'expected'
  readonly source: string
}

type Promises = 'safe' | 'idempotent' | 'neither'

function row(
  name: string,
  promises: Promises,
  content: Method['content'],
  source: string,
  cacheable = false,
): readonly [string, Method] {
  return [name, { name, safe: promises === 'safe', idempotent: promises !== 'neither', cacheable, content, source }]
}

/**
 * Every registered method by its name; names are case-sensitive (§9.1). The registry's `*` is left out: it is reserved
 * so that no method can take it (§18.2).
 */
export const methods: ReadonlyMap<string, Method> = new Map([
  row('GET', 'safe', 'none', 'RFC 9110 §9.3.1', true),
  row('HEAD', 'safe', 'none', 'RFC 9110 §9.3.2', true),
  row('POST', 'neither', 'expected', 'RFC 9110 §9.3.3', true),
  row('PUT', 'idempotent', 'expected', 'RFC 9110 §9.3.4'),
  row('DELETE', 'idempotent', 'none', 'RFC 9110 §9.3.5'),
  row('CONNECT', 'neither', 'none', 'RFC 9110 §9.3.6'),
  row('OPTIONS', 'safe', 'may', 'RFC 9110 §9.3.7'),
  row('TRACE', 'safe', 'none', 'RFC 9110 §9.3.8'),
  row('PATCH', 'neither', 'expected', 'RFC 5789 §2', true),
  row('QUERY', 'safe', 'expected', 'RFC 10008 §2', true),
  row('ACL', 'idempotent', 'expected', 'RFC 3744 §8.1'),
  row('BASELINE-CONTROL', 'idempotent', 'may', 'RFC 3253 §12.6'),
  row('BIND', 'idempotent', 'expected', 'RFC 5842 §4'),
  row('CHECKIN', 'idempotent', 'may', 'RFC 3253 §4.4, §9.4'),
  row('CHECKOUT', 'idempotent', 'may', 'RFC 3253 §4.3, §8.8'),
  row('COPY', 'idempotent', 'none', 'RFC 4918 §9.8'),
  row('LABEL', 'idempotent', 'expected', 'RFC 3253 §8.2'),
  row('LINK', 'idempotent', 'none', 'RFC 2068 §19.6.1.2'),
  row('LOCK', 'neither', 'may', 'RFC 4918 §9.10'),
  row('MERGE', 'idempotent', 'expected', 'RFC 3253 §11.2'),
  row('MKACTIVITY', 'idempotent', 'none', 'RFC 3253 §13.5'),
  row('MKCALENDAR', 'idempotent', 'may', 'RFC 4791 §5.3.1, RFC 8144 §2.3'),
  row('MKCOL', 'idempotent', 'may', 'RFC 4918 §9.3, RFC 5689 §3, RFC 8144 §2.3'),
  row('MKREDIRECTREF', 'idempotent', 'expected', 'RFC 4437 §6'),
  row('MKWORKSPACE', 'idempotent', 'none', 'RFC 3253 §6.3'),
  row('MOVE', 'idempotent', 'none', 'RFC 4918 §9.9'),
  row('ORDERPATCH', 'idempotent', 'expected', 'RFC 3648 §7'),
  row('PRI', 'safe', 'none', 'RFC 9113 §3.4'),
  row('PROPFIND', 'safe', 'may', 'RFC 4918 §9.1, RFC 8144 §2.1'),
  row('PROPPATCH', 'idempotent', 'expected', 'RFC 4918 §9.2, RFC 8144 §2.2'),
  row('REBIND', 'idempotent', 'expected', 'RFC 5842 §6'),
  row('REPORT', 'safe', 'expected', 'RFC 3253 §3.6, RFC 8144 §2.1'),
  row('SEARCH', 'safe', 'expected', 'RFC 5323 §2'),
  row('UNBIND', 'idempotent', 'expected', 'RFC 5842 §5'),
  row('UNCHECKOUT', 'idempotent', 'none', 'RFC 3253 §4.5'),
  row('UNLINK', 'idempotent', 'none', 'RFC 2068 §19.6.1.3'),
  row('UNLOCK', 'idempotent', 'none', 'RFC 4918 §9.11'),
  row('UPDATE', 'idempotent', 'expected', 'RFC 3253 §7.1'),
  row('UPDATEREDIRECTREF', 'idempotent', 'expected', 'RFC 4437 §7'),
  row('VERSION-CONTROL', 'idempotent', 'may', 'RFC 3253 §3.5'),
])

/** Does the method ask for nothing to be changed? An unknown one is taken to change things. RFC 9110 §9.2.1. */
export function isSafe(name: string): boolean {
  return methods.get(name)?.safe === true
}

/** Does the method twice intend what it intends once? An unknown one is taken not to. RFC 9110 §9.2.2. */
export function isIdempotent(name: string): boolean {
  return methods.get(name)?.idempotent === true
}
