// Who may do what in the secured bank: every route, every method, every caller. A route that has no row fails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Serving, serve } from '@comity/server'
import bank from '../../examples/secured-bank/api.ts'
import { agent, call, type Fields } from '../support/call.ts'
import { as, said } from '../support/callers.ts'

/** What each may do; all else is refused. `-`: nothing. HEAD and QUERY go with GET. */
const table = `
route                                        anyone     customer      teller                  auditor  partner  key-without-scope
/accounts                                    -          GET PATCH     GET POST PUT PATCH      GET      GET      -
/accounts/{id}                               -          GET PATCH     GET PUT PATCH           GET      GET      -
/accounts/{accountId}/transactions           -          GET           GET POST                GET      GET      -
/accounts/{accountId}/transactions/{id}      -          GET           GET                     GET      GET      -
/accounts/{accountId}/statements             -          GET           GET                     GET      GET      -
/accounts/{accountId}/statements/{id}        -          GET           GET                     GET      GET      -
/accounts/{accountId}/documents              -          GET           GET POST                GET      GET      -
/accounts/{accountId}/documents/{name}       -          GET           GET PUT                 GET      GET      -
/transfers                                   -          GET POST      -                       GET      -        -
/transfers/{id}                              -          GET           -                       GET      -        -
/rates                                       GET        GET           GET PUT PATCH           GET      GET      GET
/rates/{id}                                  GET        GET           GET PUT PATCH           GET      GET      GET
/convert                                     GET        GET           GET                     GET      GET      GET
/statements-run                              -          -             POST                    -        -        -
/jobs                                        -          GET           GET                     GET      GET      GET
`

const callers: Readonly<Record<string, Fields>> = {
  anyone: {},
  customer: as('ann', { role: 'customer' }),
  teller: as('tess', { role: 'teller', branch: 'Riga' }),
  auditor: as('aud', { role: 'auditor' }),
  partner: as('app', {}, { kind: 'client' }),
  'key-without-scope': as('ann', { role: 'customer' }, { scopes: ['transfers:nothing'] }),
}

let serving: Serving
before(async () => {
  const log = console.log
  console.log = () => {}
  const { model, definition } = bank
  serving = await serve({ kind: 'api', model, definition: { ...definition, authentication: [said] } }, { port: 0 })
  console.log = log
})
after(async () => {
  agent.destroy()
  await serving.close()
})

/** Every route of the model, as the description names it. */
function routesOf(): ReadonlyMap<string, readonly string[]> {
  const routes = new Map<string, readonly string[]>()
  for (const { name, parent, parentField, methods, files } of bank.model.collections) {
    const path = parent ? `/${parent.name}/{${parentField?.name}}/${name}` : `/${name}`
    routes.set(path, methods.collection)
    routes.set(`${path}/{${files ? 'name' : 'id'}}`, methods.item)
  }
  for (const { name, methods } of bank.model.services) routes.set(`/${name}`, methods)
  return routes.set('/jobs', ['GET', 'HEAD', 'OPTIONS'])
}

const rows = table
  .trim()
  .split('\n')
  .map(line => line.trim().split(/ {2,}/))
const [[, ...names] = [], ...lines] = rows
const everyMethod = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

test('the table has a row for every route', () => {
  assert.deepEqual(lines.map(([route]) => route).sort(), [...routesOf().keys()].sort())
})

for (const [route = '', ...cells] of lines)
  test(route, async () => {
    const methods = routesOf().get(route) ?? []
    const got: Record<string, string> = {}
    for (const name of names) {
      const done: string[] = []
      for (const method of everyMethod) {
        const path = route.replace(/\{\w+\}/g, '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50')
        // Without content: what passes the gate is refused by a later one.
        const { status, text } = await call(method, serving.url + path, callers[name])
        if (!methods.includes(method)) assert.equal(status, 405, `${name}: ${method}`)
        else if (method === 'OPTIONS') assert.equal(status, 204, name)
        else if (status !== 401 && status !== 403) done.push(method)
        else assert.equal(status, name === 'anyone' ? 401 : 403, `${name}: ${method} ${text}`)
      }
      const isRead = (method: string) => method === 'HEAD' || method === 'QUERY'
      for (const method of methods.filter(isRead)) assert.equal(done.includes(method), done.includes('GET'), method)
      got[name] = done.filter(method => !isRead(method)).join(' ') || '-'
    }
    assert.deepEqual(got, Object.fromEntries(names.map((name, at) => [name, cells[at]])))
  })
