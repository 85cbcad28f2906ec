// Random requests to the bank. What only the running server knows stands in them as @account:0 (the newest known is 0),
// @transaction:0 (of the account in the path), @fresh:0 (an id nobody has had), @job:0, @etag, @key (never
// used), @token (of the last synchronisation) and @cursor.
import fc from 'fast-check'
import { contentFor, corrupted, junkContent } from './contents.ts'
import { pairs } from './entries.ts'
import { fieldLines } from './fields.ts'
import type { Wanted } from './forms.ts'
import { queryFor, wholeQuestion } from './words.ts'

export type Plan = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly content: { readonly type: string; readonly text: string | Uint8Array } | undefined
}

type Place = { readonly path: string; readonly wanted: Wanted | 'convert'; readonly kind: 'collection' | 'item' }

const junkId = fc.constantFrom(
  'x',
  'NOT-A-UUID',
  '0',
  '%20',
  '%2F',
  '%C3%A9',
  '%E2%82%AC',
  'null',
  '__proto__',
  'a'.repeat(300),
)
const accountId = fc.oneof(
  { weight: 12, arbitrary: fc.nat(9).map(nth => `@account:${nth}`) },
  { weight: 3, arbitrary: fc.nat(99).map(nth => `@fresh:${nth}`) },
  { weight: 1, arbitrary: junkId },
)
const transactionId = fc.oneof(
  { weight: 5, arbitrary: fc.nat(5).map(nth => `@transaction:${nth}`) },
  { weight: 1, arbitrary: fc.constant('@fresh:0') },
  { weight: 1, arbitrary: junkId },
)
const pairId = fc.oneof({ weight: 8, arbitrary: fc.constantFrom<string>(...pairs) }, junkId)

const jobId = fc.oneof(
  { weight: 8, arbitrary: fc.nat(3).map(nth => `@job:${nth}`) },
  { weight: 1, arbitrary: fc.constant('@fresh:0') },
  { weight: 1, arbitrary: junkId },
)

const place = (path: string, wanted: Place['wanted'], kind: Place['kind'] = 'collection'): Place => ({
  path,
  wanted,
  kind,
})

const places: fc.Arbitrary<Place> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(place('/accounts', 'account')) },
  { weight: 9, arbitrary: accountId.map(id => place(`/accounts/${id}`, 'account', 'item')) },
  { weight: 5, arbitrary: accountId.map(id => place(`/accounts/${id}/transactions`, 'transaction')) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(accountId, transactionId)
      .map(ids => place(`/accounts/${ids.join('/transactions/')}`, 'transaction', 'item')),
  },
  { weight: 1, arbitrary: accountId.map(id => place(`/accounts/${id}/statements`, 'statement')) },
  { weight: 4, arbitrary: fc.constant(place('/transfers', 'transfer')) },
  { weight: 1, arbitrary: fc.constantFrom('@fresh:0', 'x').map(id => place(`/transfers/${id}`, 'transfer', 'item')) },
  { weight: 3, arbitrary: fc.constant(place('/synchronize', 'synchronization')) },
  { weight: 1, arbitrary: fc.constant(place('/statements-run', 'run')) },
  { weight: 1, arbitrary: fc.constant(place('/jobs', 'none')) },
  { weight: 3, arbitrary: jobId.map(id => place(`/jobs/${id}`, 'none', 'item')) },
  { weight: 3, arbitrary: jobId.map(id => place(`/jobs/${id}/result`, 'none')) },
  { weight: 2, arbitrary: fc.constant(place('/rates', 'rate')) },
  { weight: 6, arbitrary: pairId.map(id => place(`/rates/${id}`, 'rate', 'item')) },
  { weight: 3, arbitrary: fc.constant(place('/convert', 'convert')) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(
        '/',
        '/openapi.json',
        '/docs',
        '/problems',
        '/problems/gone',
        '/problems/insufficient-funds',
        '/problems/none',
        '/livez',
        '/readyz',
      )
      .map(path => place(path, 'none')),
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        fc.constantFrom(
          '/nothing',
          '/account',
          '//',
          '/accounts//x',
          '/%zz',
          '/%00',
          '/%ff',
          '/accounts/..',
          '/constructor',
          '/convert/x',
        ),
        fc
          .array(fc.string({ maxLength: 6 }), { maxLength: 6 })
          .map(parts => `/${parts.map(encodeURIComponent).join('/')}`),
        fc.constant('/accounts/a/transactions/b/c'),
      )
      .map(path => place(path, 'none')),
  },
)

const commonly = (usual: string) => (others: readonly string[]) =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(usual) }, fc.constantFrom(...others))
const prefixes = commonly('')(['/v2', '/v2', '/v2', '/v3', '/v01'])
const suffixes = commonly('')(['.json', '.xml', '.csv', '.ndjson', '.cbor', '.html', '/', '.JSON'])

const anyMethod = fc.constantFrom(
  ...['GET', 'HEAD', 'OPTIONS', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE'],
  ...['TRACE', 'PROPFIND', 'LOCK', 'FROB', 'get', 'M-SEARCH'],
)

/** Mostly methods that the place answers; POST twice, or too little is there after a while. */
function methodsOf({ path, wanted, kind }: Place): fc.Arbitrary<string> {
  const reads = ['GET', 'GET', 'GET', 'HEAD', 'OPTIONS']
  const writes = kind === 'item' ? ['PUT', 'PUT', 'PATCH', 'PATCH', 'DELETE'] : ['PUT', 'PATCH', 'DELETE']
  const answered = kind === 'item' ? reads : [...reads, 'QUERY']
  if (wanted === 'account') answered.push(...writes, ...(kind === 'collection' ? ['POST', 'POST', 'POST'] : []))
  if (wanted === 'rate') answered.push(...writes)
  if (wanted === 'transfer' && kind === 'collection') answered.push('POST', 'POST', 'POST', 'POST')
  if (wanted === 'synchronization' || wanted === 'run') answered.push(...Array(12).fill('POST'))
  if (path.startsWith('/jobs/') && kind === 'item') answered.push('DELETE')
  if (wanted === 'transaction' && kind === 'collection') answered.push('POST', 'POST', 'POST', 'POST')
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...answered) }, { weight: 1, arbitrary: anyMethod })
}

/** What lets a write pass, or a read be answered 304; rates are written with nothing less. */
const guardsFor = (wanted: Place['wanted']) =>
  fc.oneof(
    { weight: wanted === 'rate' ? 1 : 5, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constant(['if-match', '@etag'] as const) },
    fc.constantFrom(['if-none-match', '*'] as const, ['if-none-match', '@etag'] as const),
    fc.constant(['prefer', 'handling=lenient'] as const),
    { weight: wanted === 'transfer' ? 30 : 1, arbitrary: fc.constant(['idempotency-key', '"@key"'] as const) },
  )

const readsContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY'])

function contentOf(method: string, { path, wanted, kind }: Place): fc.Arbitrary<Plan['content']> {
  if (!readsContent.has(method))
    return fc.option(junkContent, { nil: undefined, freq: 10 }).map(content => content as Plan['content'])
  const named = path.startsWith('/rates/') ? path.slice('/rates/'.length).padEnd(7, 'X') : 'EUR-CNY'
  const pair = fc.oneof({ weight: 2, arbitrary: fc.constant(named) }, fc.constantFrom(...pairs))
  const meant = pair.chain(pair => contentFor(method, wanted === 'convert' ? 'none' : wanted, kind, pair))
  return fc.oneof(
    { weight: 12, arbitrary: meant },
    { weight: 1, arbitrary: meant.chain(corrupted) },
    { weight: 2, arbitrary: junkContent },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

/** What is said around the matter itself, half of the time nothing: or hardly any request would get that far. */
const surroundings = (wanted: Place['wanted']) =>
  fc.oneof(
    fc.constant({ prefix: '', suffix: '', query: wanted === 'convert' ? wholeQuestion : '', lines: [] }),
    fc.record({ prefix: prefixes, suffix: suffixes, query: queryFor(wanted), lines: fieldLines }),
  )

export const plans: fc.Arbitrary<Plan> = places
  .chain(place => methodsOf(place).map(method => ({ place, method })))
  .chain(({ place, method }) =>
    fc
      .record({ around: surroundings(place.wanted), guard: guardsFor(place.wanted), content: contentOf(method, place) })
      .map(({ around: { prefix, suffix, query, lines }, guard, content }) => ({
        method,
        path: `${prefix}${place.path}${suffix}`,
        query,
        fields: guard ? [guard, ...lines.filter(([name]) => name !== guard[0])] : lines,
        content,
      })),
  )
