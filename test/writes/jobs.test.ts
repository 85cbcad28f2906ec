// Work done later as jobs, over real sockets: what is accepted, and what comes of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { type Client, clientOf, type Sent } from './client.ts'
import { async, ended, locationOf } from './fixtures/job-client.ts'
import { worksApi } from './fixtures/works.ts'

let serving: Serving
let client: Client
const send = (sent: Sent) => client.send(sent)
const get = (path: string, fields = {}) => send({ method: 'GET', path, fields })

before(async () => {
  serving = await serve(worksApi({ limits: { replay: 2_000 } }), { port: 0, onError: () => {}, jobGrace: 100 })
  client = clientOf(serving.url)
})
after(async () => {
  client.end()
  await serving.close()
})

const marks = async (text: string): Promise<readonly number[]> =>
  (await get(`/marks?text=${text}&sort=step&fields=step&limit=1000`)).json().map(({ step }: { step: number }) => step)

test('a create done later: 202, the job, 303, and the answer it would have had', async () => {
  const accepted = await send({ path: '/marks', body: { text: 'a', step: 1 }, fields: async })
  const path = locationOf(accepted)
  assert.match(path, /^\/jobs\/[0-9a-f-]{36}$/)
  assert.equal(accepted.fields['preference-applied'], 'respond-async')
  assert.equal(accepted.fields['content-location'], path)
  assert.equal(accepted.fields['retry-after'], '1')
  assert.equal(accepted.fields['cache-control'], 'no-store')
  assert.equal(accepted.fields.vary, 'accept, prefer, accept-encoding')
  const { createdAt, ...job } = accepted.json()
  assert.match(createdAt, /^20\d\d-.*Z$/)
  assert.deepEqual(job, {
    id: path.slice('/jobs/'.length),
    state: 'queued',
    progress: null,
    startedAt: null,
    finishedAt: null,
    problem: null,
    links: [{ rel: 'self', href: path }],
  })
  const done = await ended(client, path)
  assert.equal(done.status, 303)
  assert.equal(done.fields.location, `${path}/result`)
  assert.equal(done.fields.link, `<${path}>; rel="self", <${path}/result>; rel="result"`)
  assert.equal(done.fields['retry-after'], undefined)
  assert.equal(done.json().state, 'succeeded')
  assert.ok(done.json().startedAt <= done.json().finishedAt)
  const result = await get(`${path}/result`)
  assert.equal(result.status, 201)
  assert.equal(result.json().text, 'a')
  const item = await get(result.fields.location ?? '')
  assert.equal(item.fields.etag, result.fields.etag)
  assert.deepEqual(await marks('a'), [1])
})

test('whatever writes can be done later, and is answered as it would have been', async () => {
  const made = await send({ path: '/marks', body: { text: 'b', step: 1 } })
  const path = made.fields.location ?? ''
  const rows: readonly (readonly [sent: Sent, status: number])[] = [
    [{ method: 'PATCH', path, body: { step: 2 } }, 200],
    [{ method: 'PUT', path, body: { text: 'b', step: 3 }, fields: { prefer: 'respond-async, return=minimal' } }, 204],
    [{ method: 'PATCH', path: '/marks', body: [{ id: made.json().id, step: 4 }] }, 200],
    [
      {
        path: '/marks',
        body: [
          { text: 'b2', step: 1 },
          { text: 'b2', step: 2 },
        ],
      },
      201,
    ],
    [{ path: '/double', body: { of: 21 } }, 200],
    [{ method: 'DELETE', path }, 204],
    [{ method: 'DELETE', path: '/marks?text=b2' }, 204],
  ]
  for (const [sent, status] of rows) {
    const job = locationOf(await send({ ...sent, fields: { ...async, ...sent.fields } }))
    assert.equal((await ended(client, job)).status, 303)
    assert.equal((await get(`${job}/result`)).status, status, `${sent.method} ${sent.path}`)
  }
  assert.equal((await get(path)).status, 410)
  assert.deepEqual(await marks('b2'), [])
})

test('what is refused at once is not queued, and what a job is refused with is its problem', async () => {
  const rows: readonly (readonly [sent: Sent, status: number])[] = [
    [{ path: '/marks', body: { text: 1 } }, 400],
    [{ method: 'DELETE', path: '/marks/0198c7a4-0000-7000-8000-000000000000' }, 404],
    [{ method: 'DELETE', path: '/marks' }, 428],
    [{ path: '/mark-steps', body: { text: 'x' } }, 400],
    [{ path: '/mark-steps', body: { text: 'x', steps: 1 }, fields: { prefer: 'dry-run' } }, 400],
    [{ path: '/marks', body: { text: 'x', step: 1 }, fields: { prefer: 'respond-async, dry-run' } }, 201],
    [
      { path: '/marks', body: { text: 'x', step: 1 }, fields: { prefer: 'respond-async, wait=x, handling=strict' } },
      400,
    ],
  ]
  const before = (await get('/jobs')).json().length
  for (const [sent, status] of rows) {
    const answer = await send({ ...sent, fields: { ...async, ...sent.fields } })
    assert.equal(answer.status, status, `${sent.method} ${sent.path}: ${answer.body}`)
  }
  assert.equal((await get('/jobs')).json().length, before)
  assert.deepEqual(await marks('x'), [])

  const refused = locationOf(await send({ path: '/mark-steps', body: { text: 'many', steps: 20 } }))
  const done = await ended(client, refused)
  assert.equal(done.status, 303)
  const { state, problem, progress } = done.json()
  assert.deepEqual([state, problem.code, problem.status, progress], ['failed', 'enough', 422, { done: 12, total: 20 }])
  assert.equal(problem.instance, '/mark-steps')
  const result = await get(`${refused}/result`)
  assert.equal(result.status, 422)
  assert.equal(result.fields['content-type'], 'application/problem+json')
  assert.deepEqual(result.json(), problem)
})

test('what fails inside is a 500 that tells nothing', async () => {
  const failing = worksApi()
  const other = await serve(failing, { port: 0, onError: () => {} })
  const { send: ask, end } = clientOf(other.url)
  try {
    await ask({ path: '/mark-steps', body: { text: 'f', steps: 12 } })
    const path = locationOf(await ask({ path: '/double', body: { of: 2 ** 53 - 1 }, fields: async }))
    const done = await ended({ send: ask }, path)
    assert.deepEqual([done.json().state, done.json().problem?.code], ['failed', 'internal-error'])
    assert.equal((await ask({ method: 'GET', path: `${path}/result` })).status, 500)
  } finally {
    end()
    await other.close()
  }
})

test('every format, and every method, at each place', async () => {
  const path = locationOf(await send({ path: '/double', body: { of: 1 }, fields: async }))
  await ended(client, path)
  const xml = await get(`${path}.xml`)
  assert.equal(xml.status, 303)
  assert.match(String(xml.body), /<job .*<state>succeeded<\/state>/)
  assert.match(String((await get('/jobs', { accept: 'text/csv' })).body), /^id,state,progress,createdAt,/)
  const list = await get('/jobs')
  assert.equal(list.json()[0].id, path.slice('/jobs/'.length))
  assert.equal((await get('/jobs', { 'if-none-match': list.fields.etag ?? '' })).status, 304)
  const allowed: readonly (readonly [path: string, allow: string])[] = [
    ['/jobs', 'GET, HEAD, OPTIONS'],
    [path, 'GET, HEAD, DELETE, OPTIONS'],
    [`${path}/result`, 'GET, HEAD, OPTIONS'],
  ]
  for (const [at, allow] of allowed) {
    const options = await send({ method: 'OPTIONS', path: at })
    assert.deepEqual([options.status, options.fields.allow], [204, allow], at)
    const refused = await send({ method: 'POST', path: at, body: {} })
    assert.deepEqual([refused.status, refused.fields.allow], [405, allow], at)
    const [head, whole] = [await send({ method: 'HEAD', path: at }), await get(at)]
    assert.deepEqual([head.status, head.body.length], [whole.status, 0], at)
    assert.equal(head.fields['content-length'], whole.fields['content-length'], at)
    assert.equal(head.fields.etag, whole.fields.etag, at)
    assert.equal((await get(at, { accept: 'image/png' })).status, at.endsWith('result') ? 200 : 406, at)
  }
  for (const none of ['/jobs/none', '/jobs/none/result', `${path}/results`, `${path}/result/more`])
    for (const method of ['GET', 'HEAD']) assert.equal((await send({ method, path: none })).status, 404, none)
  const unknown = await send({ method: 'DELETE', path: '/jobs/none' })
  assert.deepEqual([unknown.status, unknown.json().code], [404, 'not-found'])
})

test('a result too large to keep is told of without its body', async () => {
  const body = Array.from({ length: 50 }, (_, step) => ({ text: 'large', step }))
  const path = locationOf(await send({ path: '/marks', body, fields: async }))
  await ended(client, path)
  const result = await get(`${path}/result`)
  assert.deepEqual([result.status, result.body.length], [201, 0])
  assert.equal(result.fields['preference-applied'], 'return=minimal')
  assert.equal((await marks('large')).length, 50)
})
