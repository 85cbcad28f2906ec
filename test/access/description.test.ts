// What the description says of who may call, and that it is so.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiKeys, basic, collection, defineApi, type Serving, serve, service, text } from '@comity/server'
import { agent, call } from '../support/call.ts'
import { planting } from '../support/planted.ts'

let serving: Serving
before(async () => {
  const api = defineApi({
    title: 'Shop',
    authentication: [basic(), apiKeys()],
    access: 'callers',
    resources: {
      goods: collection({
        fields: { name: text() },
        cacheControl: { visibility: 'public', maxAge: 60 },
        access: [{ who: 'anyone', may: 'read' }, { who: { role: 'keeper' } }],
      }),
      orders: collection({ fields: { what: text() }, cacheControl: { visibility: 'public', maxAge: 60 } }),
      greet: service({ method: 'POST', input: {}, output: {}, access: 'anyone', handle: () => ({}) }),
      hello: service({
        input: {},
        output: { to: text() },
        handle: (_, { caller }) => ({ to: caller?.id ?? 'nobody' }),
        access: 'anyone',
      }),
    },
    async seed(_, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', id: 'ann', password: 'tea for two' })
    },
  })
  serving = await serve(api, { port: 0 })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const ann = { authorization: `Basic ${Buffer.from('ann:tea for two').toString('base64')}` }
const get = (path: string, fields = {}) => call('GET', serving.url + path, fields)

test('every operation says by which schemes, and whether anybody may; and is answered so', async () => {
  const { paths, components } = (await get('/openapi.json')).json()
  assert.deepEqual(Object.keys(components.securitySchemes), ['basic', 'apiKey'])
  const both = [{ basic: [] }, { apiKey: [] }]
  assert.deepEqual(paths['/goods'].get.security, [{}, ...both])
  assert.deepEqual(paths['/goods'].post.security, both)
  assert.deepEqual(paths['/orders'].get.security, both)
  assert.deepEqual(paths['/jobs'].get.security, both)
  assert.equal(paths['/docs'].get.security, undefined)
  for (const [path, item] of Object.entries<Record<string, { security?: object[]; responses: object }>>(paths))
    for (const [method, { security, responses }] of Object.entries(item)) {
      if (security === undefined || path.includes('{')) continue
      const isOpen = security.some(each => Object.keys(each).length === 0)
      const name = method === 'x-query' ? 'QUERY' : method.toUpperCase()
      const { status, fields } = await call(name, serving.url + path)
      assert.equal(status === 401, !isOpen, `${name} ${path}: ${status}`)
      if (status === 401) assert.match(fields['www-authenticate'] ?? '', /^Basic .*ApiKey /)
      assert.ok('401' in responses, path)
    }
  assert.ok(
    components.responses['Unauthorized.authentication-required.credentials-invalid'].headers['WWW-Authenticate'],
  )
})

test('the lines to try things with say who calls, where that has to be said', async () => {
  const { text: page } = await get('/docs')
  assert.match(page, /curl -i http:[^\n]*\/orders \\\n {2}-u LOGIN:PASSWORD/)
  assert.match(page, /curl -i http:[^\n]*\/goods<\/code>/)
  assert.match(page, /id="guide:credentials"/)
})

test('only what is the same for anybody is public, and what depends on the caller varies by them', async () => {
  const row = async (path: string, fields = {}) => {
    const { fields: got } = await get(path, fields)
    return [got['cache-control'], /authorization/.test(got.vary ?? '')]
  }
  assert.deepEqual(await row('/goods'), ['public, max-age=60', false])
  assert.deepEqual(await row('/goods', ann), ['public, max-age=60', false])
  assert.deepEqual(await row('/orders', ann), ['private, max-age=60', true])
})

test('who need not say who they are can go on with what they began, and is told nothing of what others did', async () => {
  const job = await call('POST', `${serving.url}/greet`, { prefer: 'respond-async' }, {})
  const theirs = await call('POST', `${serving.url}/greet`, { ...ann, prefer: 'respond-async' }, {})
  assert.deepEqual([job.status, theirs.status], [202, 202])
  assert.ok((await get(job.fields.location ?? '')).status < 400)
  assert.equal((await get(theirs.fields.location ?? '')).status, 404)
  assert.equal((await get(job.fields.location ?? '', ann)).status, 404)
  assert.equal((await get('/jobs')).status, 401)
})

test('a handler knows who calls', async () => {
  assert.equal((await get('/hello')).json().to, 'nobody')
  assert.equal((await get('/hello', ann)).json().to, 'ann')
})
