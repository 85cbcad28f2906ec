// RFC 9110 §8.4: content codings

/** A content coding of the IANA registry that both ends here know; `identity` is none. */
export type ContentCoding = 'identity' | 'gzip' | 'deflate' | 'br' | 'zstd'

/** The codings that compress, in the order in which they became common. */
export const compressingCodings = ['gzip', 'deflate', 'br', 'zstd'] as const satisfies readonly ContentCoding[]

const names: ReadonlyMap<string, ContentCoding> = new Map([
  ['identity', 'identity'],
  ...compressingCodings.map(coding => [coding, coding] as const),
  ['x-gzip', 'gzip'], // §8.4.1.3: to be taken as the same
])

/** A Content-Encoding that was read: the codings in the order in which they were applied, `identity` left out. */
export type ContentCodings =
  | { readonly kind: 'codings'; readonly codings: readonly ContentCoding[] }
  | { readonly kind: 'unknown'; readonly name: string }

/** Reads Content-Encoding, a list in the order of application (§8.4). An absent or empty field names none. */
export function parseContentCodings(field: string | undefined): ContentCodings {
  const codings: ContentCoding[] = []
  for (const member of (field ?? '').split(',')) {
    const name = member.trim().toLowerCase()
    const coding = name === '' ? 'identity' : names.get(name)
    if (coding === undefined) return { kind: 'unknown', name }
    if (coding !== 'identity') codings.push(coding)
  }
  return { kind: 'codings', codings }
}

/** What compresses though its type does not say text. Lower case, without parameters. */
const compressible: ReadonlySet<string> = new Set([
  'application/cbor',
  'application/ecmascript',
  'application/javascript',
  'application/json',
  'application/jsonl',
  'application/json-seq',
  'application/ndjson',
  'application/rtf',
  'application/sql',
  'application/toml',
  'application/wasm',
  'application/x-javascript',
  'application/x-ndjson',
  'application/x-sh',
  'application/x-tar',
  'application/x-www-form-urlencoded',
  'application/xml',
  'application/xml-dtd',
  'application/yaml',
  'font/otf',
  'font/ttf',
  'image/bmp',
  'image/svg+xml',
  'image/vnd.microsoft.icon',
  'image/x-icon',
  'message/http',
  'message/rfc822',
])

/** Structured syntax suffixes (RFC 6839 and the registry) whose syntaxes compress. */
const compressibleSuffixes: ReadonlySet<string> = new Set(['json', 'json-seq', 'xml', 'yaml', 'cbor', 'cbor-seq'])

/**
 * Whether content of a media type becomes smaller when it is compressed. What is compressed already (images, sound,
 * video, archives) does not, nor does what nothing is known of. Parameters are ignored.
 */
export function isCompressible(mediaType: string): boolean {
  const semicolon = mediaType.indexOf(';')
  const essence = (semicolon === -1 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase()
  // An event must not wait for a block to fill.
  if (essence === 'text/event-stream') return false
  if (essence.startsWith('text/') || compressible.has(essence)) return true
  return compressibleSuffixes.has(essence.slice(essence.lastIndexOf('+') + 1)) && essence.includes('+')
}
