// RFC 7240: what may be preferred, what of it was done, and that the answer says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'

const bank = serving(startBank)
const account = { type: 'current', name: 'Preferred', currency: 'EUR' }

type Row = readonly [
  prefer: string | readonly string[] | undefined,
  body: 'representation' | 'nothing',
  applied?: string,
]

const returned: readonly Row[] = [
  [undefined, 'representation'],
  ['return=minimal', 'nothing', 'return=minimal'],
  ['return=representation', 'representation', 'return=representation'],
  ['Return=minimal', 'nothing', 'return=minimal'],
  ['return="minimal"', 'nothing', 'return=minimal'],
  ['return = minimal', 'nothing', 'return=minimal'],
  ['return=minimal; foo=bar', 'nothing', 'return=minimal'],
  ['return=minimal, return=representation', 'nothing', 'return=minimal'],
  ['return=representation, return=minimal', 'representation', 'return=representation'],
  [['wait=10', 'return=minimal'], 'nothing', 'return=minimal'],
  ['return=nothing', 'representation'],
  ['return', 'representation'],
  ['wait=10, x="a,b"', 'representation'],
  // Done in time, so that it is answered as if it had been done at once.
  ['respond-async, wait=10, x="a,b"', 'representation', 'wait=10'],
  ['respond-async, wait=10, return=minimal', 'nothing', 'return=minimal, wait=10'],
  ['handling=lenient, return=something', 'representation'],
  ['handling=strict', 'representation', 'handling=strict'],
  ['handling=strict, return=minimal', 'nothing', 'return=minimal, handling=strict'],
]

const writes = [
  ['POST', '/accounts', 201, account],
  ['PUT', '', 200, { ...account, name: 'Put' }],
  ['PATCH', '', 200, { name: 'Patched' }],
] as const

for (const [method, place, status, body] of writes)
  for (const [prefer, content, applied] of returned)
    test(`${method}, Prefer: ${prefer}`, async () => {
      const path = place || (await openAccount(bank)).path
      const answer = await bank.call(method, path, { prefer }, body)
      const { fields, text } = answer
      const isEmpty = content === 'nothing'
      assert.equal(answer.status, isEmpty && status === 200 ? 204 : status)
      assert.equal(fields['preference-applied'], applied)
      assert.equal(
        fields.vary,
        isEmpty ? 'accept, prefer, api-version' : 'accept, prefer, api-version, accept-encoding',
      )
      assert.equal(text === '', isEmpty)
      if (isEmpty) assert.equal(fields['content-type'], undefined)
      if (isEmpty) assert.equal(fields['content-length'], status === 201 ? '0' : undefined)
      if (!isEmpty) assert.equal(answer.json().name, body.name)
      if (!isEmpty) assert.equal(fields['content-location'], fields.location ?? path)
      // Whatever was sent back, the tag is that of the item as it is now.
      const now = await bank.call('GET', fields.location ?? path)
      assert.deepEqual([fields.etag, fields['last-modified']], [now.fields.etag, now.fields['last-modified']])
      assert.equal(now.json().name, body.name)
    })

for (const method of ['PUT', 'PATCH'])
  for (const [prefer, content, applied] of returned)
    test(`${method} of a list, Prefer: ${prefer}`, async () => {
      const { item } = await openAccount(bank)
      const body = [{ ...account, id: item.id, name: 'One of many' }]
      const { status, fields, text } = await bank.call(method, '/accounts', { prefer }, body)
      assert.equal((await bank.call('GET', `/accounts/${item.id}`)).json().name, 'One of many')
      if (prefer?.includes('handling=lenient')) {
        const location = `/accounts/${item.id}`
        const { etag } = (await bank.call('GET', location)).fields
        assert.deepEqual([status, fields.vary], [207, 'accept, prefer, api-version, accept-encoding'])
        assert.equal(fields['preference-applied'], 'handling=lenient')
        assert.deepEqual(JSON.parse(text), [{ status: 200, location, etag, problem: null }])
        return
      }
      assert.equal(status, content === 'nothing' ? 204 : 200)
      assert.deepEqual(
        [fields['preference-applied'], fields.vary],
        [
          applied,
          content === 'nothing' ? 'accept, prefer, api-version' : 'accept, prefer, api-version, accept-encoding',
        ],
      )
      if (content === 'nothing') assert.equal(text, '')
      else assert.equal(JSON.parse(text)[0].name, 'One of many')
    })

test('handling=lenient and return=minimal: what became of each is told all the same', async () => {
  const { item } = await openAccount(bank)
  const prefer = 'handling=lenient, return=minimal'
  const answer = await bank.call('PATCH', '/accounts', { prefer }, [{ id: item.id, name: 'Lenient' }, { id: 'none' }])
  assert.deepEqual([answer.status, answer.fields['preference-applied']], [207, 'handling=lenient'])
  const parts: readonly { readonly status: number }[] = answer.json()
  assert.deepEqual(
    parts.map(({ status }) => status),
    [200, 422],
  )
})

const refused = [
  'return=nothing',
  'return',
  'wait=soon',
  'wait',
  'wait=-1',
  'respond-async=yes',
  'dry-run=2',
  'tx=maybe',
  'count=some',
  'depth-noroot',
  'x="a,b"',
]

for (const preference of refused)
  test(`handling=strict refuses ${preference}, before anything is done`, async () => {
    const { path, etag } = await openAccount(bank)
    for (const [method, target, body] of [
      ['POST', '/accounts', account],
      ['PATCH', path, { name: 'No' }],
      ['DELETE', path, undefined],
      ['GET', '/accounts', undefined],
    ] as const) {
      const answer = await bank.call(method, target, { prefer: `handling=strict, ${preference}` }, body)
      assert.deepEqual([answer.status, answer.json().code], [400, 'preference-unsupported'], method)
      assert.ok(answer.json().detail.includes(preference.split('=')[0] ?? ''))
    }
    assert.equal((await bank.call('HEAD', path)).fields.etag, etag)
  })

test('handling=strict and wait: understood, and with nothing to wait for not applied', async () => {
  const { path } = await openAccount(bank)
  for (const [method, target, status, applied, body] of [
    ['POST', '/accounts', 201, 'handling=strict', account],
    ['PATCH', path, 200, 'handling=strict', { name: 'Strict' }],
    ['GET', '/accounts', 200, undefined, undefined],
    ['DELETE', path, 204, 'handling=strict', undefined],
  ] as const) {
    const answer = await bank.call(method, target, { prefer: 'handling=strict, wait=10' }, body)
    assert.deepEqual([answer.status, answer.fields['preference-applied']], [status, applied], method)
  }
})

test('handling=strict and respond-async: a write becomes a job, a read does not', async () => {
  const { path } = await openAccount(bank)
  const prefer = 'handling=strict, respond-async'
  for (const [method, target, body] of [
    ['POST', '/accounts', account],
    ['PATCH', path, { name: 'Later' }],
    ['DELETE', path, undefined],
  ] as const) {
    const { status, fields } = await bank.call(method, target, { prefer }, body)
    assert.equal(status, 202, method)
    assert.equal(fields['preference-applied'], 'respond-async, handling=strict')
    assert.match(fields.location ?? '', /^\/jobs\/[0-9a-f-]{36}$/)
    const job = await bank.call('GET', fields.location ?? '', { prefer: 'wait=10' })
    assert.deepEqual([job.status, job.json().state], [303, 'succeeded'])
  }
  assert.equal((await bank.call('GET', path)).status, 410)
  const read = await bank.call('GET', '/accounts', { prefer })
  assert.deepEqual([read.status, read.fields['preference-applied']], [200, undefined])
})

test('DELETE has nothing to return', async () => {
  for (const prefer of ['return=representation', 'return=minimal']) {
    const { path } = await openAccount(bank)
    const { status, text, fields } = await bank.call('DELETE', path, { prefer })
    assert.deepEqual([status, text, fields['preference-applied']], [204, '', undefined])
  }
})

type Counted = readonly [target: string, prefer: string | undefined, total: string | undefined]

const counted: readonly Counted[] = [
  ['/rates', undefined, undefined],
  ['/rates', 'count=none', undefined],
  ['/rates', 'count=some', undefined],
  ['/rates', 'count=exact', '8'],
  ['/rates', 'Count=exact; x', '8'],
  ['/rates?limit=3', 'count=exact', '8'],
  ['/rates?limit=3&offset=6', 'count=exact', '8'],
  ['/rates?offset=100', 'count=exact', '8'],
  ['/rates?base=EUR', 'count=exact', '4'],
  ['/rates?base=XXX', 'count=exact', '0'],
  ['/rates?base=EUR&limit=all', 'count=exact', '4'],
  ['/rates.csv?base=EUR,CNY', 'count=exact', '5'],
  ['/rates/EUR-CNY', 'count=exact', undefined],
  ['/convert?from=EUR&to=CNY&amount=1', 'count=exact', undefined],
]

// Twice: the second is answered from what was kept.
for (const [target, prefer, total] of counted)
  for (const method of ['GET', 'HEAD'])
    for (const turn of ['first', 'second'])
      test(`${method} ${target}, Prefer: ${prefer}, the ${turn} time`, async () => {
        const { status, fields } = await bank.call(method, target, { prefer })
        assert.equal(status, 200)
        assert.equal(fields['x-total-count'], total)
        assert.equal(fields['preference-applied'], total && 'count=exact')
      })

test('a total is that of now, and stands in the 304 too', async () => {
  const first = await bank.call('GET', '/accounts?limit=1', { prefer: 'count=exact' })
  await openAccount(bank)
  const second = await bank.call('GET', '/accounts?limit=1', { prefer: 'count=exact' })
  assert.equal(Number(second.fields['x-total-count']), Number(first.fields['x-total-count']) + 1)
  const conditional = { prefer: 'count=exact', 'if-none-match': second.fields.etag }
  const third = await bank.call('GET', '/accounts?limit=1', conditional)
  assert.deepEqual([third.status, third.fields['x-total-count']], [304, second.fields['x-total-count']])
})
