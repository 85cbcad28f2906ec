import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ApiDefinition, collection, date, decimal, defineApi, oneOf, service, text } from '@comity/server'
import { banner, trials } from './banner.ts'

const url = 'http://127.0.0.1:3000'
const accounts = collection({
  fields: {
    type: oneOf('current', 'savings'),
    name: text({ min: 1 }),
    balance: decimal({ readOnly: true, default: '0.00' }),
  },
})
const notes = collection({ fields: { name: text({ example: "it's" }) } })
const codes = collection({ fields: { code: text({ pattern: '^[A-Z]{3}$' }) }, methods: ['GET', 'POST'] })
const days = collection({ fields: { day: date() }, methods: ['GET'] })
const echo = (input: ApiDefinition['resources']) => input

const convert = service({
  input: { from: text({ example: 'EUR' }), amount: decimal({ default: '5.00' }) },
  output: { result: decimal() },
  handle: () => ({ result: '1' }),
})
const greet = service({ input: { name: text({ example: 'Ann & Bob' }) }, output: {}, handle: () => ({}) })
const store = service({ method: 'POST', input: {}, output: {}, handle: () => ({}) })

describe('three requests worth trying', () => {
  const rows = [
    [
      'a list, a chosen one, and a service',
      { accounts, convert },
      [
        `curl -i '${url}/accounts?limit=3'`,
        `curl '${url}/accounts.csv?type=current&sort=-balance&limit=5'`,
        `curl '${url}/convert?from=EUR'`,
      ],
    ],
    [
      'a create where no service is',
      { accounts },
      [`curl -i '${url}/accounts' --json '{"type":"current","name":"Example"}'`],
    ],
    ['text that the shell would read', { notes }, [`curl -i '${url}/notes' --json '{"name":"it'\\''s"}'`]],
    ['no create without a sample', { codes }, [`curl -i -X OPTIONS '${url}/codes'`]],
    ['no create where POST is not answered', { days }, [`curl -i -X OPTIONS '${url}/days'`]],
    ['parameters in their encoding', { accounts, greet }, [`curl '${url}/greet?name=Ann%20%26%20Bob'`]],
    [
      'services alone',
      { greet },
      [`curl '${url}/greet?name=Ann%20%26%20Bob'`, `curl -i '${url}/'`, `curl '${url}/openapi.json'`],
    ],
    [
      'no service that writes',
      { store },
      [`curl -i '${url}/'`, `curl '${url}/openapi.json'`, `curl -i '${url}/readyz'`],
    ],
  ] as const
  for (const [name, resources, expected] of rows) {
    it(name, () => {
      const lines = trials(defineApi({ title: 'T', resources: echo(resources) }).model, url)
      assert.equal(lines.length, 3)
      assert.deepEqual(lines.slice(-expected.length), expected)
    })
  }
})

describe('the banner', () => {
  const { model } = defineApi({ title: 'Bank', resources: { accounts } })
  const rows = [
    [['Database', '/srv/bank.sqlite'], '  Database  /srv/bank.sqlite'],
    [['Data', 'written back to db.json'], '  Data      written back to db.json'],
  ] as const
  for (const [kept, line] of rows) {
    it(`names ${kept[1]}, the address and the documents`, () => {
      const lines = banner(model, url, { kept }).split('\n')
      assert.equal(lines[0], `Bank is served at ${url}`)
      assert.ok(lines.includes(`  Docs      ${url}/docs`))
      assert.ok(lines.includes(line))
    })
  }
})
