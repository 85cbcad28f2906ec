// Request fields, meaningful and not. `@etag` stands for the current entity tag of the target, `@key`
// for a key that was never used.
import fc from 'fast-check'

const weight = fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', ';q=0.001', ';Q=0.9', ';q=2', ';q=', ';q=x')

const listOf = (members: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...members), weight), { minLength: 1, maxLength: 4 })
    .map(rows => rows.map(row => row.join('')).join(', '))

/** Any bytes a field may hold: visible ones and those above 0x7f. */
const junk = fc
  .array(
    fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0x21, max: 0x7e }) }, fc.integer({ min: 0x80, max: 0xff })),
    { maxLength: 30 },
  )
  .map(codes => String.fromCharCode(...codes))

const or = (...known: readonly string[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: junk })

const types = [
  'application/json',
  'application/xml',
  'text/xml',
  'text/csv',
  'application/x-ndjson',
  'application/cbor',
  'text/html',
  'application/*',
  'text/*',
  '*/*',
  'application/problem+json',
  'application/problem+xml',
  'application/vnd.oai.openapi+json',
  'application/json;charset=utf-8',
  'image/png',
  'nonsense',
]

const instants = [
  'Wed, 31 Dec 2014 12:00:00 GMT',
  'Wednesday, 31-Dec-14 12:00:00 GMT',
  'Fri, 01 Jan 2100 00:00:00 GMT',
  'Wed Dec 31 12:00:00 2014',
  '2014-12-31',
  '0',
]
const tags = ['*', '@etag', '@etag', '"none", @etag', 'W/"none"', '"a,b", "c"', '"open', 'none', '@etag, *', '']

type FieldLine = readonly [name: string, value: string]

const rows: readonly (readonly [weight: number, name: string, value: fc.Arbitrary<string>])[] = [
  [8, 'accept', fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...types.slice(0, 6)) }, listOf(types), or(...types))],
  [2, 'accept-language', fc.oneof(listOf(['en', 'ru', 'vi', 'ru-RU', 'de', '*', 'x']), junk)],
  [2, 'accept-charset', or('utf-8', 'iso-8859-1')],
  [2, 'accept-encoding', or('gzip', 'identity;q=0', '*')],
  [5, 'if-none-match', or(...tags)],
  [5, 'if-match', or(...tags)],
  [2, 'if-modified-since', or(...instants)],
  [2, 'if-unmodified-since', or(...instants)],
  [1, 'if-range', or('@etag', ...instants)],
  [1, 'range', or('bytes=0-9', 'bytes=-1', 'bytes=9-0', 'items=0-1')],
  [
    5,
    'prefer',
    or(
      'return=minimal',
      'return=representation',
      'count=exact',
      'handling=strict',
      'handling=strict, wait=5',
      'count=exact, return=minimal, handling=lenient',
      'return=none',
      'respond-async',
      'respond-async, return=minimal',
      'respond-async, wait=1',
      'wait=0',
      'handling=lenient',
      'handling=lenient',
      'dry-run',
      'tx=rollback',
      'return="minimal"; foo=bar',
      ',,=;',
    ),
  ],
  [1, 'api-version', or('2', '2', '3', 'v2')],
  [3, 'idempotency-key', or('"@key"', '@key', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'no-quotes', '""', '"open')],
  [1, 'content-encoding', or('identity', 'gzip', '')],
  [1, 'content-type', or('application/json', 'text/plain')],
  [1, 'expect', or('100-continue', '100-continue', '200-ok')],
  [1, 'authorization', or('Basic dTpw', 'Bearer x')],
  [1, 'cookie', or('a=b', '__proto__=1')],
  [1, 'x-http-method-override', or('DELETE')],
  [1, 'x-forwarded-host', or('example.org')],
  [1, 'origin', or('http://example.org', 'null')],
]

const line = fc.oneof(
  ...rows.map(([weight, name, value]) => ({ weight, arbitrary: value.map((text): FieldLine => [name, text]) })),
)

/** None, or up to four lines, each name once. */
export const fieldLines: fc.Arbitrary<readonly FieldLine[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.uniqueArray(line, { minLength: 1, maxLength: 4, selector: ([name]) => name }) },
)
