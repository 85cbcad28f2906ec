// comity serve and comity eject: sources as processes that are changed, killed and asked while they change.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { run } from 'comity'
import { here, type Running, start } from './support/comity.ts'

const placeholder = fileURLToPath(new URL('../../examples/placeholder/db.json', import.meta.url))
const server = import.meta.resolve('@comity/server')

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-serve-'))
  cpSync(placeholder, join(folder, 'db.json'))
})
after(() => rmSync(folder, { recursive: true }))

/** The command within this process, where that is not the matter. */
function within(words: readonly string[]) {
  let told = ''
  const listeners = new Set<() => void>()
  const sink = () =>
    new Writable({
      write(piece, _encoding, done) {
        told += piece
        for (const listen of listeners) listen()
        done()
      },
    })
  const controller = new AbortController()
  const io = {
    stdin: Readable.from([]),
    stdout: sink(),
    stderr: sink(),
    env: {},
    cwd: folder,
    interrupted: controller.signal,
  }
  return {
    ended: run(words, io),
    interrupt: () => controller.abort(),
    said: (text: RegExp) =>
      new Promise<RegExpExecArray>(resolve => {
        const look = () => {
          const found = text.exec(told)
          if (found) resolve(found)
        }
        listeners.add(look)
        look()
      }),
  }
}

/** Where it says that it serves. */
async function urlOf(running: Running): Promise<string> {
  let printed = ''
  running.child.stdout?.on('data', piece => {
    printed += piece
  })
  await running.said(/Ctrl-C stops it/)
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
  assert.ok(url, printed)
  return url
}

type Answer = { readonly status: number; readonly port: number | undefined; readonly body: string }

/** One request on one connection, as long as that stays. */
function asked(agent: Agent, url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: { accept: 'application/json' } }, answer => {
      const port = answer.socket.localPort
      let body = ''
      answer.setEncoding('utf8').on('data', piece => {
        body += piece
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, port, body }))
      answer.once('error', reject)
    })
      .once('error', reject)
      .end()
  })
}

/** Asks again until the answer is as wanted. */
async function until(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await sleep(25)
  }
  throw new Error('it was never answered as wanted')
}

describe('comity serve db.json --watch', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let running: Running
  let url: string
  const path = () => join(folder, 'db.json')
  before(async () => {
    running = start(['serve', 'db.json', '-p', '0', '--watch', '--trace', '--cors', 'http://a.test'], folder)
    url = await urlOf(running)
    await running.said(/Watching db\.json/)
  })
  after(async () => {
    agent.destroy()
    running.child.kill('SIGTERM')
    const { code, out } = await running.ended
    assert.equal(code, 0)
    assert.match(out, /^db\.json is served at http:\S+\n\n {2}Docs {6}\S+\n {2}Data {6}written back to db\.json\n/)
    assert.match(out, /curl '\S+\/users\/1\/posts'\n/)
  })

  it('reads what another program writes, on the same connection, and drops no request', async () => {
    const first = await asked(agent, `${url}/todos/1`)
    writeFileSync(path(), readFileSync(path(), 'utf8').replace(JSON.parse(first.body).title, 'by hand'))
    const next = await until(
      () => asked(agent, `${url}/todos/1`),
      ({ body }) => JSON.parse(body).title === 'by hand',
    )
    assert.deepEqual([next.status, next.port], [200, first.port])
  })

  it('serves another definition once the file is one, on the same connection', async () => {
    const { port } = await asked(agent, `${url}/todos/1`)
    writeFileSync(
      path(),
      JSON.stringify({ ...JSON.parse(readFileSync(path(), 'utf8')), notes: [{ id: 7, text: 'x' }] }),
    )
    const next = await until(
      () => asked(agent, `${url}/notes/7`),
      ({ status }) => status !== 404,
    )
    assert.deepEqual([next.status, next.port, next.body], [200, port, '{"id":7,"text":"x"}'])
    const created = await fetch(`${url}/notes`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    assert.deepEqual([created.status, created.headers.get('location')], [201, '/notes/8'])
    assert.deepEqual(JSON.parse(readFileSync(path(), 'utf8')).notes, [{ id: 7, text: 'x' }, { id: 8 }])
  })

  it('goes on with what it had where the file is broken', async () => {
    const whole = readFileSync(path(), 'utf8')
    writeFileSync(path(), whole.slice(0, -20))
    await running.said(/What was served before still is\./)
    assert.equal((await asked(agent, `${url}/notes/7`)).status, 200)
    writeFileSync(path(), whole)
  })

  it('lets pages of the origins named call it, and no others', async () => {
    const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' }
    const ask = (origin: string, more: Record<string, string> = {}) =>
      fetch(`${url}/todos/1`, {
        method: more['access-control-request-method'] ? 'OPTIONS' : 'GET',
        headers: { origin, ...more },
      })
    const allowed = await ask('http://a.test', preflight)
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'http://a.test')
    assert.equal(allowed.headers.get('access-control-allow-headers'), 'if-match')
    assert.match(allowed.headers.get('access-control-allow-methods') ?? '', /PUT/)
    const read = await ask('http://a.test')
    assert.match(read.headers.get('access-control-expose-headers') ?? '', /ETag.*Link.*Location/)
    assert.match(read.headers.get('vary') ?? '', /accept.*origin/i)
    assert.equal((await ask('http://b.test')).headers.get('access-control-allow-origin'), null)
    // Any other OPTIONS is the API's own.
    const own = await fetch(`${url}/todos/1`, { method: 'OPTIONS' })
    assert.equal(own.headers.get('allow'), 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS')
  })

  it('tells the way of a request', async () => {
    await asked(agent, `${url}/todos/none`)
    await running.said(/GET \/todos\/none → 404\n {2}passed {4}/)
    await running.said(/ {2}answered {2}resource exists \(RFC 9110 §15\.5\.5\): not-found: There is no todo “none”\./)
  })
})

describe('comity serve api.ts --watch', () => {
  it('serves what the definition and what it imports become, and says what is wrong with it', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const members = join(folder, 'members.ts')
    writeFileSync(members, `import { text } from '${server}'\nexport const members = { name: text() }\n`)
    writeFileSync(
      join(folder, 'api.ts'),
      `import { collection, defineApi } from '${server}'\nimport { members } from './members.ts'\n` +
        `export default defineApi({ title: 'Tea', resources: { cups: collection({ fields: members }) } })\n`,
    )
    const running = within(['serve', join(folder, 'api.ts'), '-p', '0', '--watch', '--memory'])
    const [, url] = await running.said(/is served at (\S+)/)
    await running.said(/Watching 2 files/)
    const { port } = await asked(agent, `${url}/cups?size=1`)
    writeFileSync(
      members,
      `import { integer, text } from '${server}'\nexport const members = { name: text(), size: integer() }\n`,
    )
    const changed = await until(
      () => asked(agent, `${url}/cups?size=1`),
      ({ status }) => status === 200,
    )
    assert.equal(changed.port, port)
    writeFileSync(members, `import { integer } from '${server}'\nexport const members = { Size: integer() }\n`)
    await running.said(/resources\.cups\.fields\.Size: a member’s name is camelCase/)
    assert.equal((await asked(agent, `${url}/cups?size=1`)).status, 200)
    agent.destroy()
    running.interrupt()
    assert.equal(await running.ended, 0)
  })
})

describe('comity serve, killed', () => {
  it('has written whatever it said was done, and the file is whole', async () => {
    writeFileSync(join(folder, 'kill.json'), '{"lines":[{"id":1,"text":"first"}]}')
    const running = start(['serve', 'kill.json', '-p', '0'], folder)
    const url = await urlOf(running)
    const done: { readonly id: number; readonly text: string }[] = []
    const write = async (writer: number) => {
      for (let count = 0; ; count++) {
        const body = JSON.stringify({ text: `${writer} ${count}` })
        const answer = await fetch(`${url}/lines`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        assert.equal(answer.status, 201)
        done.push((await answer.json()) as (typeof done)[number])
        if (done.length === 60) running.child.kill('SIGKILL')
      }
    }
    await Promise.allSettled(Array.from({ length: 6 }, (_, writer) => write(writer)))
    running.child.kill('SIGKILL')
    await running.ended
    assert.ok(done.length >= 60, String(done.length))
    const { lines } = JSON.parse(readFileSync(join(folder, 'kill.json'), 'utf8')) as { lines: typeof done }
    const written = new Map(lines.map(line => [line.id, line.text]))
    assert.equal(written.size, lines.length)
    for (const { id, text } of done) assert.equal(written.get(id), text, `item ${id}`)
  })
})

describe('comity eject', () => {
  it('writes a definition that serves the same items', async () => {
    cpSync(placeholder, join(folder, 'source.json'))
    const { code, err } = await here(['eject', 'source.json', '--out', 'ejected.ts'], folder)
    assert.deepEqual([code, err], [0, 'ejected.ts is written. Serve it: comity serve ejected.ts\n'])
    const path = join(folder, 'ejected.ts')
    const text = readFileSync(path, 'utf8')
    assert.match(text, /nested: \{ posts: related\('posts', 'userId'\)/)
    assert.match(text, /seed: seedFrom\(new URL\('\.\/source\.json', import\.meta\.url\)\)/)
    // The package is found by its name where users have it.
    writeFileSync(path, text.replace("'@comity/server'", `'${server}'`))
    const { serve } = await import('@comity/server')
    const { default: api } = await import(path)
    const serving = await serve(api, { port: 0 })
    const { url } = serving
    const read = async (at: string) => (await fetch(url + at, { headers: { accept: 'application/json' } })).json()
    const data = JSON.parse(readFileSync(placeholder, 'utf8')) as Record<string, unknown[]>
    for (const [name, rows] of Object.entries(data)) assert.deepEqual(await read(`/${name}?limit=all`), rows, name)
    assert.deepEqual(await read('/users/1/posts?fields=id&limit=1'), [{ id: 1 }])
    const created = await fetch(`${url}/todos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    assert.equal(created.headers.get('location'), '/todos/201')
    await serving.close()
  })

  it('writes over nothing, and ejects no definition', async () => {
    writeFileSync(join(folder, 'there.ts'), '')
    const over = await here(['eject', 'source.json', '--out', 'there.ts'], folder)
    assert.deepEqual(
      [over.code, over.err],
      [1, 'there.ts is there already. Write over it with --force, or name another.\n'],
    )
    assert.equal((await here(['eject', 'there.ts'], folder)).code, 2)
    const gone = await here(['eject', 'gone.json'], folder)
    assert.equal(gone.code, 2)
    assert.match(gone.err, /gone\.json is not there\. /)
  })
})

describe('comity serve says what is wrong', () => {
  const rows = [
    ['a delay that is none', ['serve', 'db.json', '--delay', 'x'], /A delay is a whole number of milliseconds/],
    ['a share that is none', ['serve', 'db.json', '--faults', '120%'], /from 0% to 100%/],
    ['an origin that is none', ['serve', 'db.json', '--cors', 'a.test'], /“a\.test” is no origin, such as/],
    ['a database for a file', ['serve', 'db.json', '--database', 'sqlite:x'], /'--database' is for definitions/],
    ['a source that is not there', ['serve', 'no.json'], /no\.json is not there\. The path is read from/],
  ] as const
  for (const [title, words, err] of rows)
    it(title, async () => {
      const ended = await here(words, folder)
      assert.match(ended.err, err)
      assert.equal(ended.code, 2)
    })

  it('of ids that are there twice', async () => {
    writeFileSync(join(folder, 'twice.json'), '{"todos":[{"id":1},{"id":1}]}')
    const { code, err } = await here(['serve', join(folder, 'twice.json')], folder)
    assert.equal(
      err,
      'twice.json: todos[0] and twice.json: todos[1] have the same id, 1. Give one of them another: an id names one item.\n',
    )
    assert.equal(code, 2)
  })
})
