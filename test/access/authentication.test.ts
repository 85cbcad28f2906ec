// RFC 9110 §11: what any scheme gives a server.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { collection, defineApi, type Serving, serve, text } from '@comity/server'
import { agent, call } from '../support/call.ts'
import { schemeNamed } from './support/scheme.ts'

let serving: Serving

before(async () => {
  const api = defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
    authentication: [schemeNamed('One'), schemeNamed('Two')],
  })
  serving = await serve(api, { port: 0 })
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const as = (credentials: string) => ({ authorization: credentials })

test('who does not say who they are is told every way to, before anything else is', async () => {
  for (const path of ['/notes', '/notes/none', '/notes?nothing=1', '/jobs']) {
    const { status, fields, json } = await call('GET', `${serving.url}${path}`)
    assert.deepEqual([path, status, fields['www-authenticate']], [path, 401, 'One realm="here", Two realm="here"'])
    assert.equal(json().code, 'authentication-required')
  }
  const { status } = await call('POST', `${serving.url}/notes`, {}, { text: 'a' })
  assert.equal(status, 401)
})

test('what is nobody’s secret is told to anybody', async () => {
  for (const path of ['/', '/openapi.json', '/docs', '/problems', '/livez', '/readyz'])
    assert.equal((await call('GET', `${serving.url}${path}`)).status, 200, path)
  assert.equal((await call('OPTIONS', `${serving.url}/notes`)).status, 204)
})

test('credentials that are refused are, and their own scheme says why', async () => {
  const { status, fields, json } = await call('GET', `${serving.url}/notes`, as('Two wrong'))
  assert.deepEqual([status, json().code], [401, 'credentials-invalid'])
  assert.equal(fields['www-authenticate'], 'One realm="here", Two realm="here", why="no"')
  const unknown = await call('GET', `${serving.url}/notes`, as('Three x'))
  assert.deepEqual([unknown.status, unknown.json().code], [401, 'authentication-required'])
})

test('who is let in is answered, with what their scheme adds, and only they may keep it', async () => {
  const { status, fields } = await call('GET', `${serving.url}/notes`, as('One ann'))
  assert.deepEqual([status, fields['authentication-info']], [200, 'by=One'])
  assert.match(fields['cache-control'] ?? '', /private/)
})

test('keys and jobs are their caller’s own', async () => {
  const post = (credentials: string, body: object) =>
    call('POST', `${serving.url}/notes`, { ...as(credentials), 'idempotency-key': '"k"' }, body)
  const first = await post('One ann', { text: 'a' })
  const replayed = await post('Two ann', { text: 'a' })
  const other = await post('One bob', { text: 'a' })
  const { location } = first.fields
  assert.deepEqual([first.status, replayed.status, replayed.fields.location], [201, 201, location])
  assert.equal(other.status, 201)
  assert.notEqual(other.fields.location, location)
  const asked = { ...as('One ann'), prefer: 'respond-async' }
  const job = await call('POST', `${serving.url}/notes`, asked, { text: 'b' })
  assert.equal(job.status, 202)
  const at = `${serving.url}${job.fields.location}`
  const seen = async (credentials: string) => (await call('GET', at, as(credentials))).status < 400
  assert.deepEqual([await seen('One ann'), await seen('Two ann'), await seen('One bob')], [true, true, false])
})
