import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CollectionModel } from '../model/model.ts'
import { formatCursor } from './cursor.ts'
import { filterNames } from './filters.ts'
import { entriesModel, secretsModel, wordsIn } from './fixtures/query-model.ts'
import { sortText } from './order.ts'
import { type ListQuery, planItem, planList, planSelection } from './plan.ts'

const limits = { values: 5 }

function plan(search: string, collection: CollectionModel = entriesModel): ListQuery {
  const planned = planList(collection, undefined, wordsIn(search), limits)
  assert.ok(planned.kind === 'plan', `${search}: ${JSON.stringify(planned)}`)
  return planned.query
}

const shown = ({ plan: { conditions } }: ListQuery): readonly string[] =>
  conditions.map(({ field, operator, values }) => `${field.name} ${operator} ${JSON.stringify(values)}`)

const filters: readonly (readonly [search: string, conditions: readonly string[]])[] = [
  ['', []],
  ['type=debit', ['type eq ["debit"]']],
  ['type.eq=debit', ['type eq ["debit"]']],
  ['type=debit,credit', ['type in ["credit","debit"]']],
  ['type.in=debit', ['type eq ["debit"]']],
  ['kinds=debit,credit', ['type in ["credit","debit"]']],
  ['type.ne=debit', ['type ne ["debit"]']],
  ['type.ne=debit,credit', ['type ne ["credit"]', 'type ne ["debit"]']],
  ['amount.gte=100', ['amount gte ["100.00"]']],
  ['amount.gt=0&amount.lt=100.5', ['amount gt ["0.00"]', 'amount lt ["100.50"]']],
  ['dateFrom=2013-01-01&dateTo=2013-12-31', ['date gte ["2013-01-01"]', 'date lte ["2013-12-31"]']],
  ['bookedAt.gte=2013-01-01', ['bookedAt gte ["2013-01-01T00:00:00.000Z"]']],
  ['description=a%5C,b', ['description eq ["a,b"]']],
  ['description=a,b', ['description in ["a","b"]']],
  ['description=', ['description eq [""]']],
  ['description.like=*rent***may*', ['description like ["*rent*may*"]']],
  ['note.exists=false', ['note exists [false]']],
  ['extra.exists=true', ['extra exists [true]']],
  ['open=true', ['open eq [true]']],
  ['count=1,2,1', ['count in [1,2]']],
  ['count=1&count=1', ['count eq [1]']],
  ['count.gte=1&count.gte=2', ['count gte [1]', 'count gte [2]']],
  ['id=a1', ['id eq ["a1"]']],
  ['createdAt.lt=2014-01-01', ['createdAt lt ["2014-01-01T00:00:00.000Z"]']],
  ['always_success_code=true&v=1&v=2', []],
]
for (const [search, conditions] of filters)
  test(`filter: ${search || 'none'}`, () => assert.deepEqual(shown(plan(search)), conditions))

test('the plain list: every member, the usual order and size', () => {
  const { plan: planned, all, selected } = plan('')
  assert.equal(all, false)
  assert.equal(selected, 'all')
  assert.equal(planned.limit, 25)
  assert.deepEqual(planned.start, { kind: 'offset', offset: 0 })
  assert.equal(sortText(planned.sort), 'id')
  assert.deepEqual(planned.fields, entriesModel.fields)
  assert.equal(plan('', secretsModel).plan.limit, 5)
  assert.equal(sortText(plan('', secretsModel).plan.sort), '-name,-id')
})

const orders: readonly (readonly [sort: string, order: string])[] = [
  ['date', 'date,id'],
  ['-date', '-date,-id'],
  ['-date,amount', '-date,amount,id'],
  ['date,-amount', 'date,-amount,-id'],
  ['-id', '-id'],
  ['date,id', 'date,id'],
  ['-date,id,amount', '-date,id'],
  ['note', 'note,id'],
]
for (const [sort, order] of orders)
  test(`sort=${sort}`, () => assert.equal(sortText(plan(`sort=${sort}`).plan.sort), order))

test('fields come in the order of the collection, once each; the id may be left out', () => {
  const query = plan('fields=amount,type,amount')
  assert.deepEqual(
    query.plan.fields.map(({ name }) => name),
    ['type', 'amount'],
  )
  assert.equal(query.selected, 'some')
  assert.equal(plan(`fields=${entriesModel.fields.map(({ name }) => name).reverse()}`).selected, 'all')
})

test('limit and offset', () => {
  assert.equal(plan('limit=1000').plan.limit, 1000)
  assert.deepEqual(plan('offset=40').plan.start, { kind: 'offset', offset: 40 })
  const whole = plan('limit=all&offset=3')
  assert.equal(whole.plan.limit, Number.POSITIVE_INFINITY)
  assert.equal(whole.all, true)
})

test('a cursor starts the page after or before its row', () => {
  const { sort } = plan('sort=-date').plan
  const cursor = formatCursor(entriesModel, sort, ['2014-12-31', 'a1'])
  for (const kind of ['after', 'before'])
    assert.deepEqual(plan(`sort=-date&${kind}=${cursor}`).plan.start, { kind, key: ['2014-12-31', 'a1'] })
  assert.equal(plan(`sort=-date&after=${cursor}&limit=all`).all, true)
})

const byId = formatCursor(entriesModel, entriesModel.sort, ['a1'])

const refusals: readonly (readonly [search: string, parameter: string, detail: RegExp])[] = [
  ['tpye=debit', 'tpye', /not a query word of entries. Did you mean “type”\?/],
  ['datefrom=2014-01-01', 'datefrom', /“dateFrom”/],
  ['amuont.gte=1', 'amuont.gte', /“amount.gte”/],
  ['amount.gtee=1', 'amount.gtee', /“amount.gte”/],
  ['amount.between=1', 'amount.between', /not a query word/],
  ['.gte=1', '.gte', /not a query word/],
  ['=1', '', /not a query word/],
  ['__proto__=1', '__proto__', /not a query word/],
  ['constructor.eq=1', 'constructor.eq', /not a query word/],
  ['dateFrom.gte=2014-01-01', 'dateFrom.gte', /not a query word/],
  ['page=2', 'page', /not a query word/],
  ['type=debt', 'type', /must be one of debit, credit, not “debt”. Did you mean “debit”\?/],
  ['type.ne=', 'type.ne', /must be one of debit, credit/],
  ['amount=ten', 'amount', /must be a decimal number .* not “ten”/],
  ['amount.gte=0.001', 'amount.gte', /2 after it/],
  ['amount.gte=1,2', 'amount.gte', /one value.*\\,/],
  ['count=1,x', 'count', /whole number/],
  ['count=1,2,3,4,5,6', 'count', /at most 5 values, not 6/],
  ['date=yesterday', 'date', /2014-12-31/],
  ['dateTo=2014-02-30', 'dateTo', /must be a date that exists/],
  ['open=maybe', 'open', /true or false/],
  ['open.gt=true', 'open.gt', /does not suit “open”/],
  ['amount.like=1*', 'amount.like', /not text/],
  [`description.like=${'a'.repeat(1001)}`, 'description.like', /at most 1000 characters/],
  ['note.exists=yes', 'note.exists', /true or false/],
  ['extra=1', 'extra', /“extra.exists”/],
  ['description=%00', 'description', /U\+0000/],
  ['fields=id,nmae', 'fields', /“nmae” is not a member of entries. Did you mean “note”|“nmae” is not a member/],
  ['fields=descripton', 'fields', /Did you mean “description”/],
  ['fields=', 'fields', /missing/],
  ['fields=id&fields=type', 'fields', /given twice/],
  ['sort=dat', 'sort', /Did you mean “date”/],
  ['sort=', 'sort', /missing/],
  ['sort=-', 'sort', /missing/],
  ['sort=--date', 'sort', /not a member/],
  ['sort=date,-date', 'sort', /named twice/],
  ['sort=extra', 'sort', /no order/],
  ['sort=date&sort=id', 'sort', /given twice/],
  ['limit=0', 'limit', /from 1 to 1000/],
  ['limit=1001', 'limit', /from 1 to 1000, or “all”/],
  ['limit=-1', 'limit', /from 1 to 1000/],
  ['limit=1e2', 'limit', /from 1 to 1000/],
  ['limit=ALL', 'limit', /or “all”/],
  ['limit=99999999999999999999999', 'limit', /from 1 to 1000/],
  ['offset=-1', 'offset', /0 or more/],
  ['offset=1.5', 'offset', /0 or more/],
  ['offset=9007199254740992', 'offset', /0 or more/],
  ['after=nonsense', 'after', /not a cursor/],
  ['before=', 'before', /not a cursor/],
  [`sort=date&after=${byId}`, 'after', /another sort/],
  [`sort=note&after=${byId}`, 'after', /“note” may be absent/],
  [`offset=1&after=${byId}`, 'after', /exclude each other/],
  [`before=${byId}&after=${byId}`, 'before', /exclude each other/],
  [`before=${byId}&limit=all`, 'before', /limit=all/],
]
for (const [search, parameter, detail] of refusals)
  test(`refused: ${search.slice(0, 60)}`, () => {
    const planned = planList(entriesModel, undefined, wordsIn(search), limits)
    assert.ok(planned.kind === 'invalid')
    assert.equal(planned.errors.length, 1, JSON.stringify(planned.errors))
    assert.equal(planned.errors[0]?.parameter, parameter)
    assert.match(planned.errors[0]?.detail ?? '', detail)
  })

test('limit=all is refused where exports are, naming the maximum', () => {
  const planned = planList(secretsModel, undefined, wordsIn('limit=all'), limits)
  assert.match(planned.kind === 'invalid' ? (planned.errors[0]?.detail ?? '') : '', /at most 10/)
})

test('every fault is told, in order, but no more than twenty', () => {
  const planned = planList(entriesModel, undefined, wordsIn('x1=1&amount=x&limit=0&sort=zz'), limits)
  assert.deepEqual(planned.kind === 'invalid' && planned.errors.map(({ parameter }) => parameter), [
    'x1',
    'amount',
    'sort',
    'limit',
  ])
  const many = planList(entriesModel, undefined, wordsIn('x1=1&'.repeat(50)), limits)
  assert.equal(many.kind === 'invalid' && many.errors.length, 20)
})

const equals: readonly (readonly [one: string, other: string])[] = [
  ['', 'limit=25&offset=0&sort=id&v=1'],
  ['type=debit&count=1', 'count=1&type.eq=debit'],
  ['dateFrom=2013-01-01', 'date.gte=2013-01-01'],
  ['count=2,1', 'count.in=1,2,2'],
  ['amount=1', 'amount.eq=1.00'],
  ['fields=type,id', 'fields=id,type'],
  ['sort=-date', 'sort=-date,-id'],
]
for (const [one, other] of equals)
  test(`same question: ${one} and ${other}`, () => assert.equal(plan(one).canonical, plan(other).canonical))

test('different questions have different canonical texts', () => {
  const cursor = `after=${byId}`
  const searches = ['', 'limit=24', 'limit=all', 'offset=1', cursor, cursor.replace('after', 'before'), 'sort=-id']
  searches.push('sort=date', 'fields=id', 'fields=id,type', 'type=debit', 'type.ne=debit', 'count=1', 'count.gt=1')
  searches.push('description=1,2', 'description=1%5C,2', 'description=', 'note.exists=true', 'note=true', 'id=debit')
  const texts = new Set(searches.map(search => plan(search).canonical))
  assert.equal(texts.size, searches.length)
  const below = (parent: string | undefined) => {
    const planned = planList(entriesModel, parent, [], limits)
    return planned.kind === 'plan' ? planned.query.canonical : ''
  }
  assert.equal(new Set([below(undefined), below('a'), below('null')]).size, 3)
})

test('an item takes fields and nothing else', () => {
  const names = (search: string) => {
    const planned = planItem(entriesModel, wordsIn(search))
    return planned.kind === 'plan' ? [planned.selected, planned.canonical, planned.fields.length] : planned.errors
  }
  assert.deepEqual(names('v=2'), ['all', '', entriesModel.fields.length])
  assert.deepEqual(names('fields=type,id'), ['some', 'id,type', 2])
  assert.deepEqual(names('type=debit'), [
    { parameter: 'type', detail: '“type” is not a query word here, where only “fields” is.' },
  ])
  assert.deepEqual(names('sort=id'), [{ parameter: 'sort', detail: '“sort” is for reading lists.' }])
  assert.deepEqual(names('feilds=id'), [
    {
      parameter: 'feilds',
      detail: '“feilds” is not a query word here, where only “fields” is. Did you mean “fields”?',
    },
  ])
  assert.deepEqual(names('fields=id,nope'), [
    { parameter: 'fields', detail: '“nope” is not a member of entries. Did you mean “note”?' },
  ])
})

test('a selection takes filters and nothing else', () => {
  const planned = planSelection(entriesModel, 'p1', wordsIn('type=debit&v=1'), limits)
  assert.ok(planned.kind === 'plan')
  assert.equal(planned.selection.parent, 'p1')
  assert.equal(planned.selection.conditions.length, 1)
  const everything = planSelection(entriesModel, undefined, [], limits)
  assert.deepEqual(everything.kind === 'plan' && everything.selection.conditions, [])
  for (const search of ['fields=id', 'sort=id', 'offset=0', 'limit=10', `after=${byId}`, `before=${byId}`, 'typ=debit'])
    assert.equal(planSelection(entriesModel, undefined, wordsIn(search), limits).kind, 'invalid', search)
})

test('random words never throw, and what is planned is sound', () => {
  const names = fc.oneof(
    fc.constantFrom('fields', 'sort', 'offset', 'limit', 'after', 'before', ...filterNames(entriesModel)),
    fc.string(),
  )
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', 'true', '2014-12-31', 'debit,credit', '-date,id', 'all', '*a*', '\\', ',', byId),
  )
  const words = fc.array(fc.record({ name: names, value: values }), { maxLength: 4 })
  fc.assert(
    fc.property(words, words => {
      planItem(entriesModel, words)
      planSelection(entriesModel, 'p', words, limits)
      const planned = planList(entriesModel, 'p', words, limits)
      if (planned.kind === 'invalid') return assert.ok(planned.errors.length > 0)
      assert.equal(planned.query.plan.sort.at(-1)?.field.name, 'id')
      assert.ok(planned.query.plan.conditions.every(({ values }) => values.length > 0))
    }),
    { numRuns: 2_000 },
  )
})
