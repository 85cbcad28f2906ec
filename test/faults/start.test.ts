// A server that cannot start says why in a sentence, and ends with 1; it harms nobody who runs already.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { runServe, startServer } from '../support/server-process.ts'

const notes = new URL('../support/failing-api.ts', import.meta.url)
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-start-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

it('a port in use: the new one ends, the old one goes on, and the database is let go', async t => {
  const first = await startServer(notes)
  t.after(() => first.stop('SIGKILL'))
  const { port } = new URL(first.url)
  const path = join(folder, 'second.sqlite')
  const { code, err, out } = await runServe(notes, ['--port', port, '--database', `sqlite:${path}`]).ended
  assert.equal(code, 1)
  assert.equal(out, '')
  assert.match(err, new RegExp(`^Port ${port} [^\\n]+\\n$`))
  assert.equal((await fetch(`${first.url}/livez`)).status, 200)
  await assert.rejects(serve(notesApi(), { port: Number(port), database: `sqlite:${path}` }), { code: 'EADDRINUSE' })
  const third = await serve(notesApi(), { port: 0, database: `sqlite:${path}` })
  await third.close()
})

const places: readonly (readonly [string, (base: string) => string])[] = [
  ['a folder that is not there', base => join(base, 'no', 'such', 'folder', 'a.sqlite')],
  [
    'a folder in place of the file',
    base => {
      mkdirSync(join(base, 'folder.sqlite'))
      return join(base, 'folder.sqlite')
    },
  ],
  [
    'a file below a file',
    base => {
      writeFileSync(join(base, 'file'), '')
      return join(base, 'file', 'a.sqlite')
    },
  ],
]
for (const [name, make] of places)
  it(`a database that cannot be opened, ${name}: one sentence, 1`, async () => {
    const path = make(folder)
    const { code, err, out } = await runServe(notes, ['--port', '0', '--database', `sqlite:${path}`]).ended
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.ok(err.includes(path), err)
    assert.doesNotMatch(err, /\bat .*:\d+:\d+|node:/)
  })

it('a folder that may not be written to', { skip: process.getuid?.() === 0 && 'root may write anywhere' }, async () => {
  const locked = join(folder, 'locked')
  mkdirSync(locked)
  chmodSync(locked, 0o555)
  const path = join(locked, 'a.sqlite')
  const { code, err } = await runServe(notes, ['--port', '0', '--database', `sqlite:${path}`]).ended
  chmodSync(locked, 0o755)
  assert.equal(code, 1)
  assert.ok(err.includes(path), err)
})

it('a file that is something else is refused and left as it is', async () => {
  const path = join(folder, 'letter.txt')
  const letter = 'Dear friend, this is no database. '.repeat(200)
  writeFileSync(path, letter)
  const { code } = await runServe(notes, ['--port', '0', '--database', `sqlite:${path}`]).ended
  assert.equal(code, 1)
  assert.equal(readFileSync(path, 'utf8'), letter)
})
