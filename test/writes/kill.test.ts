// A server that is killed at any moment, again and again, while clients move money: nothing is lost, nothing is doubled.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Client, clientOf } from './client.ts'
import { type Books, booksFor, type Wish } from './fixtures/books.ts'
import { seededFor } from './random.ts'

const rounds = process.env.COMITY_LONG ? 200 : 4
const clients = 12
const script = fileURLToPath(new URL('./fixtures/serve-ledger.ts', import.meta.url))

/** A server on the file, and a client of it. */
async function start(file: string): Promise<{ child: ChildProcess; client: Client }> {
  const child = spawn(process.execPath, ['--conditions=@comity/source', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stdout = child.stdout ?? assert.fail()
  const said = await Promise.race([once(stdout, 'data'), once(child, 'exit')])
  assert.ok(said[0] instanceof Buffer, `the server ended with ${said}`)
  return { child, client: clientOf(String(said[0]).trim(), clients) }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** One client: repeats what was never answered, then wishes for more, until the server is gone. */
async function work(books: Books, client: Client, open: Wish[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const wish = open.pop() ?? books.wish()
    const answer = await books.ask(client, wish)
    if (!answer) open.push(wish)
  }
}

test(`${rounds} times killed: the sum stays, and every key counts once`, async context => {
  const random = seededFor(context)
  const folder = mkdtempSync(join(tmpdir(), 'comity-kill-'))
  const file = join(folder, 'ledger.db')
  const books = booksFor(random)
  const open: Wish[] = []
  let repeated = 0
  let child: ChildProcess | undefined
  try {
    for (let round = 0; round < rounds; round++) {
      const server = await start(file)
      child = server.child
      // Whatever was answered before the last end is answered so again.
      for (let n = 0; n < 3 && books.answers.size > 0; n++) {
        const [key = ''] = random.pick([...books.answers])
        const replay = await books.ask(server.client, books.wishOf(key))
        assert.equal(replay?.fields['idempotency-replayed'], 'true', key)
      }
      repeated += open.length
      let over = false
      const working = Array.from({ length: clients }, () => work(books, server.client, open, () => over))
      await wait(random.below(250))
      await kill(server.child)
      over = true
      await Promise.all(working)
      server.client.end()
    }
    const server = await start(file)
    child = server.child
    repeated += open.length
    await Promise.all(open.map(wish => books.settle(server.client, wish)))
    await books.audit(server.client)
    server.client.end()
    assert.ok(repeated > rounds / 2, 'the server was hardly ever killed at work')
    const statuses = [...books.answers.values()].map(({ status }) => status)
    assert.ok(statuses.includes(201) && statuses.includes(422))
    context.diagnostic(`${statuses.length} transfers, ${repeated} of them unanswered and repeated`)
  } finally {
    if (child && child.exitCode === null && child.signalCode === null) await kill(child)
    rmSync(folder, { recursive: true, force: true })
  }
})
