import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { storeSuite } from '../suite.ts'
import { openSqlite } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-store-'))
after(() => rmSync(folder, { recursive: true }))

let files = 0

storeSuite('sqlite in a file', model => openSqlite(model, { path: join(folder, `${files++}.db`) }))
storeSuite('sqlite in memory', model => openSqlite(model, 'memory'))
// A stream that is read slower than it is held: all but its first batch is laid aside.
storeSuite('sqlite with hurried streams', model =>
  openSqlite(model, { path: join(folder, `${files++}.db`) }, { streamHold: 0 }),
)
