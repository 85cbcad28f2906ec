import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { explainStart, whyNoDatabase } from './explain-start.ts'

describe('the address of a database', () => {
  const rows = [
    ['sqlite:bank.sqlite', undefined],
    ['sqlite:/var/lib/bank.sqlite', undefined],
    ['sqlite::memory:', undefined],
    ['postgres://bank:secret@db/bank', /^Databases of the kind "postgres" cannot be served\. Write sqlite:PATH/],
    ['bank.sqlite', /^The database's address cannot be read\. Write sqlite:PATH/],
    ['sqlite:', /^The database's address cannot be read\./],
    ['sqlite://bank.sqlite', /^The database's address cannot be read\./],
  ] as const
  for (const [address, why] of rows) {
    it(address, () => {
      const told = whyNoDatabase(address)
      if (why === undefined) assert.equal(told, undefined)
      else assert.match(told ?? '', why)
      assert.doesNotMatch(told ?? '', /secret/)
    })
  }
})

/** What node throws, taken from node. */
const thrownBy = {
  'a port in use': () =>
    new Promise<Error>(found => {
      const holder = createServer().listen(0, '127.0.0.1', () => {
        const { port } = holder.address() as { port: number }
        createServer()
          .on('error', error => holder.close(() => found(error)))
          .listen(port, '127.0.0.1')
      })
    }),
  'a foreign address': () =>
    new Promise<Error>(found => {
      createServer().on('error', found).listen(0, '192.0.2.1')
    }),
  'a missing folder': () => opening(join(tmpdir(), 'no', 'such', 'bank.sqlite')),
  'a file of another kind': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'comity-start-'))
    await writeFile(join(folder, 'text'), 'plain text, and enough of it to be no header\n'.repeat(40))
    try {
      return opening(join(folder, 'text'))
    } finally {
      await rm(folder, { recursive: true })
    }
  },
} as const

function opening(path: string): Error {
  try {
    new DatabaseSync(path).exec('PRAGMA user_version = 1')
  } catch (error) {
    return error as Error
  }
  throw new Error('The database could be opened')
}

describe('a server that cannot start says why', () => {
  const wishes = { port: 3000, host: '127.0.0.1', database: 'sqlite:bank.sqlite' }
  const rows = [
    ['a port in use', /^Port 3000 on 127\.0\.0\.1 is in use\. .*--port/],
    ['a foreign address', /^127\.0\.0\.1 is not an address of this machine\. .*--host/],
    ['a missing folder', /^The database bank\.sqlite cannot be opened\. /],
    ['a file of another kind', /^bank\.sqlite is a file, but not an SQLite database\. /],
  ] as const
  for (const [name, sentence] of rows) {
    it(name, async () => {
      const error = await thrownBy[name]()
      assert.match(explainStart(error, wishes), sentence)
      assert.match(explainStart(new Error('could not open', { cause: error }), wishes), sentence, 'as a cause')
    })
  }

  it('a change that would destroy data, with the SQL it needs', () => {
    const error = Object.assign(new Error('accounts.name is gone'), {
      name: 'DestructiveChangeError',
      sql: ['ALTER TABLE accounts DROP COLUMN name'],
    })
    assert.equal(explainStart(error, wishes), 'accounts.name is gone\n  ALTER TABLE accounts DROP COLUMN name')
  })
  it('anything else by its message', () => {
    assert.equal(explainStart(new Error('no tea'), wishes), 'The server could not start: no tea')
  })
})
