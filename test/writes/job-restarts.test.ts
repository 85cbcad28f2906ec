// Jobs whose process is killed, or stops: nothing is lost, and nothing is done twice.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Client, clientOf, type Received } from './client.ts'

const server = fileURLToPath(new URL('./fixtures/serve-works.ts', import.meta.url))

let folder: string
let files = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-jobs-'))
})
const children = new Set<ChildProcess>()
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

type Process = Client & {
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

async function start(file: string): Promise<Process> {
  const child: ChildProcess = spawn(process.execPath, ['--conditions=@comity/source', '--no-warnings', server, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  const closed = once(child, 'close').then(() => children.delete(child))
  const [line] = await Promise.race([
    once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data'),
    closed.then(() => assert.fail('the server did not start')),
  ])
  const client = clientOf(String(line).trim())
  const end = async (how: () => void) => {
    how()
    client.end()
    await closed
  }
  return {
    ...client,
    kill: () => end(() => child.kill('SIGKILL')),
    stop: () => end(() => child.stdin?.end()),
  }
}

const get = (at: Process, path: string) => at.send({ method: 'GET', path })

const begin = async (at: Process, path: string, body: unknown, key?: string): Promise<string> => {
  const answer = await at.send({ path, body, fields: { prefer: 'respond-async' }, ...(key !== undefined && { key }) })
  assert.equal(answer.status, 202, String(answer.body))
  return answer.fields.location ?? assert.fail('no Location')
}

async function ended(at: Process, path: string): Promise<Received> {
  for (let n = 0; n < 1000; n++) {
    const answer = await get(at, path)
    if (answer.status !== 200) return answer
    await sleep(10)
  }
  assert.fail(`${path} does not end`)
}

const stepsOf = async (at: Process, text: string): Promise<readonly number[]> =>
  (await get(at, `/marks?text=${text}&sort=step&fields=step&limit=1000`))
    .json()
    .map((mark: { step: number }) => mark.step)

async function untilStep(at: Process, text: string, step: number): Promise<void> {
  while ((await stepsOf(at, text)).length < step) await sleep(5)
}

const numbers = (last: number): readonly number[] => Array.from({ length: last }, (_, n) => n + 1)

for (const how of ['kill', 'stop'] as const)
  test(`${how}: running jobs go on from their checkpoint or have failed, queued ones run`, async () => {
    const file = join(folder, `${files++}.db`)
    const first = await start(file)
    const resumed = await begin(first, '/mark-steps', { text: 'r', steps: 12, ms: 60 })
    const failed = await begin(first, '/mark-once', { text: 'o', steps: 1000, ms: 30 })
    const queued = await begin(first, '/marks', { text: 'q', step: 1 }, '"queued"')
    const cancelled = await begin(first, '/marks', { text: 'c', step: 1 })
    await first.send({ method: 'DELETE', path: cancelled })
    await untilStep(first, 'r', 3)
    await untilStep(first, 'o', 1)
    assert.equal((await get(first, queued)).json().state, 'queued')
    await first[how]()

    const second = await start(file)
    assert.equal((await ended(second, resumed)).json().state, 'succeeded')
    const result = (await get(second, `${resumed}/result`)).json()
    assert.ok(result.from >= 3, JSON.stringify(result))
    assert.deepEqual(await stepsOf(second, 'r'), numbers(12))
    assert.equal((await ended(second, queued)).json().state, 'succeeded')
    assert.deepEqual(await stepsOf(second, 'q'), [1])
    assert.equal(await begin(second, '/marks', { text: 'q', step: 1 }, '"queued"'), queued)
    const interrupted = await ended(second, failed)
    assert.deepEqual(
      [interrupted.status, interrupted.json().state, interrupted.json().problem.code],
      [303, 'failed', 'job-interrupted'],
    )
    assert.equal((await get(second, `${failed}/result`)).status, 500)
    assert.equal((await get(second, cancelled)).json().state, 'cancelled')
    assert.deepEqual(await stepsOf(second, 'c'), [])

    // What has ended stays so.
    await second.kill()
    const third = await start(file)
    for (const path of [resumed, queued, failed]) assert.equal((await get(third, path)).status, 303)
    assert.deepEqual((await get(third, `${resumed}/result`)).json(), result)
    assert.deepEqual(await stepsOf(third, 'r'), numbers(12))
    await third.kill()
  })

const rounds = process.env.COMITY_LONG ? 100 : 3

test(`${rounds} kills at any moment: every job that was accepted is done, and once`, async () => {
  const file = join(folder, `${files++}.db`)
  const accepted = new Map<string, string>()
  const works: string[] = []
  for (let round = 0; round < rounds; round++) {
    const at = await start(file)
    const posts = Array.from({ length: 60 }, async (_, n) => {
      const text = `${round}-${n}`
      try {
        accepted.set(text, await begin(at, '/marks', { text, step: 1 }))
      } catch {
        // Nobody promised anything.
      }
    })
    const steps = begin(at, '/mark-steps', { text: `s${round}`, steps: 12, ms: 1 }).then(
      path => works.push(path),
      () => undefined,
    )
    // The first is killed once a job was promised, however slow the machine is.
    await (round === 0 ? Promise.race(posts) : sleep(Math.random() * 150))
    await at.kill()
    await Promise.all([...posts, steps])
  }
  const last = await start(file)
  for (const path of [...accepted.values(), ...works])
    assert.equal((await ended(last, path)).json().state, 'succeeded', path)
  for (const [text, path] of accepted) {
    const made = (await get(last, `/marks?text=${text}`)).json()
    assert.equal(made.length, 1, text)
    const result = await get(last, `${path}/result`)
    assert.equal(result.json().id, made[0].id)
  }
  for (let round = 0; round < rounds; round++) {
    const steps = await stepsOf(last, `s${round}`)
    assert.deepEqual(steps, numbers(steps.length), `s${round}`)
  }
  assert.ok(accepted.size > 0)
  await last.stop()
})
