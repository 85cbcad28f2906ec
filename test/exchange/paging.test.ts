// RFC 8288 links, walked as a client walks them: to the end and back, while others write to the same list.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { idsOf, linksOf } from '../support/read-list.ts'

const bank = serving(startBank)

const uuid = (first: string, at: number) => `${first}0000000-0000-7000-8000-${String(at).padStart(12, '0')}`
let inserted = 0

/** A new item at the start and one at the end of the default order, and by its balance in the middle of others. */
async function insertTwo(): Promise<void> {
  const body = { type: 'savings', name: 'Inserted', currency: 'EUR' }
  for (const first of ['0', 'f']) {
    const { status } = await bank.call('PUT', `/accounts/${uuid(first, inserted++)}`, { 'if-none-match': '*' }, body)
    assert.equal(status, 201)
  }
}

/** Inserts between the first six pages of a walk. */
function inserting(): () => Promise<void> {
  let left = 6
  return async () => {
    if (left-- > 0) await insertTwo()
  }
}

/** Ids met while following one relation, and the last page. */
async function walk(start: string, rel: string, between: () => Promise<void>) {
  const met: string[] = []
  for (let target: string | undefined = start, pages = 0; ; pages++) {
    assert.ok(pages < 300, 'the links do not end')
    const page = await bank.call('GET', target)
    assert.equal(page.status, 200, page.text)
    const ids = idsOf(page)
    met.push(...ids)
    const next: string | undefined = linksOf(page)[rel]
    if (next === undefined) return { met, last: target, lastIds: ids }
    await between()
    target = next
  }
}

const orders = ['', 'sort=-balance', 'sort=type,-name', 'sort=name', 'sort=-createdAt,currency', 'sort=-id']

for (const extension of ['', '.json', '.xml', '.csv'])
  for (const order of orders)
    test(`/accounts${extension}?${order}: each item once, forwards and backwards, while others are inserted`, async () => {
      const all = idsOf(await bank.call('GET', `/accounts${extension}?${order}&limit=all`))
      const known = new Set(all)
      const forwards = await walk(`/accounts${extension}?${order}&limit=7`, 'next', inserting())
      assert.deepEqual(
        forwards.met.filter(id => known.has(id)),
        all,
      )
      assert.equal(new Set(forwards.met).size, forwards.met.length, 'an item twice')
      const now = idsOf(await bank.call('GET', `/accounts${extension}?${order}&limit=all`))
      const backwards = await walk(forwards.last, 'prev', inserting())
      const pages = chunksBackwards(backwards.met, forwards.lastIds.length)
      const met = pages.filter(id => now.includes(id))
      // What stood behind the last page when the way back began was not on it.
      assert.deepEqual(met, now.slice(0, met.length))
      assert.ok(all.every(id => met.includes(id)))
      assert.equal(new Set(backwards.met).size, backwards.met.length, 'an item twice')
    })

/** Pages met from the last to the first, each in its own order, put in the order of the list. */
function chunksBackwards(met: readonly string[], lastLength: number): readonly string[] {
  const pages = [met.slice(0, lastLength)]
  for (let at = lastLength; at < met.length; at += 7) pages.push(met.slice(at, at + 7))
  return pages.reverse().flat()
}

test('a walk while items of it are deleted skips none of the others', async () => {
  for (let at = 0; at < 30; at++) await openAccount(bank, { name: 'Walked', type: 'credit' })
  const start = '/accounts?name=Walked&limit=4'
  const all = idsOf(await bank.call('GET', '/accounts?name=Walked&limit=all'))
  const deleted: string[] = []
  const met: string[] = []
  for (let target: string | undefined = start; target !== undefined; ) {
    const page = await bank.call('GET', target)
    const ids = idsOf(page)
    met.push(...ids)
    // The row that the next link stands beside goes too.
    const victims = [ids.at(-1), ids[0]].filter(id => id !== undefined)
    for (const id of victims) assert.equal((await bank.call('DELETE', `/accounts/${id}`)).status, 204)
    deleted.push(...victims)
    target = linksOf(page).next
  }
  assert.deepEqual(met, all)
  const left = idsOf(await bank.call('GET', start))
  assert.deepEqual(left, all.filter(id => !deleted.includes(id)).slice(0, 4))
})

test('a sort by what may be absent pages by offset, forwards and backwards', async () => {
  const [account] = idsOf(await bank.call('GET', '/accounts?name=Household%201'))
  const list = `/accounts/${account}/transactions`
  const all = idsOf(await bank.call('GET', `${list}?sort=description&limit=all`))
  assert.equal(all.length, 100)
  const forwards = await walk(`${list}?sort=description&limit=9`, 'next', async () => {})
  assert.deepEqual(forwards.met, all)
  const backwards = await walk(forwards.last, 'prev', async () => {})
  assert.deepEqual(new Set(backwards.met), new Set(all))
})

test('the links of a page keep every other word and lead to the same kind of page', async () => {
  const words = 'type=current,savings&fields=id,name&sort=-name&always_success_code=true&v=2&limit=3'
  const first = await bank.call('GET', `/accounts.xml?${words}`)
  const { next = '', first: start = '' } = linksOf(first)
  assert.equal(start, `/accounts.xml?${words}`)
  assert.match(next, new RegExp(`^/accounts\\.xml\\?${words.replaceAll('.', '\\.')}&after=[\\w-]+$`))
  const second = await bank.call('GET', next)
  assert.equal(linksOf(second).first, start)
  assert.ok(linksOf(second).prev?.includes('before='))
  assert.match(second.text, /<account><id>[^<]*<\/id><name>/)
})

test('last is known where the total is', async () => {
  assert.equal(linksOf(await bank.call('GET', '/rates?limit=3')).last, undefined)
  const { last = '' } = linksOf(await bank.call('GET', '/rates?limit=3', { prefer: 'count=exact' }))
  const page = await bank.call('GET', last)
  assert.deepEqual([idsOf(page).length, linksOf(page).next], [2, undefined])
})

test('the first page has no prev, the last no next, a whole list no pages, an empty one no neighbours', async () => {
  assert.deepEqual(Object.keys(linksOf(await bank.call('GET', '/rates?limit=3'))), ['first', 'next'])
  assert.deepEqual(Object.keys(linksOf(await bank.call('GET', '/rates?limit=8'))), ['first'])
  assert.deepEqual(Object.keys(linksOf(await bank.call('GET', '/rates?limit=all'))), [])
  assert.deepEqual(Object.keys(linksOf(await bank.call('GET', '/rates?base=XXX'))), ['first'])
})

const refused: readonly (readonly [words: string, parameter: string])[] = [
  ['limit=1001', 'limit'],
  ['limit=0', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['offset=-1', 'offset'],
  ['after=x', 'after'],
  ['after=WyJ4Il0', 'after'],
  ['sort=nothing', 'sort'],
  ['sort=name,-name', 'sort'],
  ['fields=id,nothing', 'fields'],
  ['nam=x', 'nam'],
  ['balance.gte=much', 'balance.gte'],
  ['name.near=x', 'name.near'],
  ['createdAt.gte=yesterday', 'createdAt.gte'],
]

for (const [words, parameter] of refused)
  test(`400 names the parameter: ${words}`, async () => {
    const answer = await bank.call('GET', `/accounts?${words}`)
    assert.deepEqual([answer.status, answer.json().code], [400, 'invalid-query'])
    assert.ok(
      answer.json().errors.some((error: { parameter: string }) => error.parameter === parameter),
      answer.text,
    )
  })

test('400 names the nearest word', async () => {
  const { errors } = (await bank.call('GET', '/accounts?curency=EUR')).json()
  assert.match(errors[0].detail, /currency/)
})

test('a cursor of another sort or another list is refused', async () => {
  const { next = '' } = linksOf(await bank.call('GET', '/accounts?limit=2'))
  const after = new URLSearchParams(next.split('?')[1]).get('after')
  for (const target of [
    `/accounts?sort=name&after=${after}`,
    `/rates?after=${after}`,
    `/accounts?after=${after}&offset=1`,
  ])
    assert.equal((await bank.call('GET', target)).status, 400, target)
})
