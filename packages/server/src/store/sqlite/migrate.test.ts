import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { TSchema } from 'typebox'
import { defineApi } from '../../define/api.ts'
import { collection } from '../../define/collection.ts'
import { boolean, date, decimal, type Fields, integer, oneOf, optional, reference, text } from '../../define/fields.ts'
import type { ApiModel, CollectionModel, Values } from '../../model/model.ts'
import { DestructiveChangeError } from '../errors.ts'
import type { Item } from '../store.ts'
import { openSqlite } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-migrate-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

const modelOf = (fields: Fields, more: { sort?: string; filters?: Record<string, string> } = {}): ApiModel => {
  const notes = collection({ fields: { body: text() } })
  const books = collection({ fields, ...more, nested: { notes } })
  return defineApi({ title: 'Books', resources: { books, authors: collection({ fields: { name: text() } }) } }).model
}

const booksOf = (model: ApiModel): CollectionModel => model.collections[0] as CollectionModel
const notesOf = (model: ApiModel): CollectionModel => model.collections[1] as CollectionModel

/** A new file with the given books, each with a note. */
async function written(fields: Fields, rows: readonly Values[]): Promise<string> {
  const path = join(folder, `${files++}.db`)
  const model = modelOf(fields)
  const store = await openSqlite(model, { path })
  assert.equal(store.fresh, true)
  if (rows.length > 0)
    await store.write(async tx => {
      for (const [i, row] of rows.entries()) {
        await tx.insert(booksOf(model), { id: `b${i}`, ...row })
        await tx.insert(notesOf(model), { id: `n${i}`, body: 'x' }, `b${i}`)
      }
    })
  await store.close()
  return path
}

async function read(path: string, model: ApiModel, id = 'b0'): Promise<Item> {
  const store = await openSqlite(model, { path })
  const item = await store.get(booksOf(model), id)
  assert.equal(await store.count({ collection: notesOf(model), parent: id, conditions: [] }), 1)
  await store.close()
  assert.ok(typeof item === 'object')
  return item
}

const title = text()
const row = { title: 'One' }

test('opening again changes nothing', async () => {
  const path = await written({ title }, [row])
  const { revision, values } = await read(path, modelOf({ title }))
  assert.deepEqual([revision, values.title], [1, 'One'])
  const store = await openSqlite(modelOf({ title }), { path })
  assert.equal(store.fresh, false)
  await store.close()
})

test('fresh holds until something is written', async () => {
  const path = await written({ title }, [])
  const store = await openSqlite(modelOf({ title, more: optional(text()) }), { path })
  assert.equal(store.fresh, true)
  await store.close()
})

const additions: readonly (readonly [string, TSchema, unknown])[] = [
  ['an optional member', optional(text()), null],
  ['an optional reference', optional(reference('authors')), null],
  ['an optional boolean', optional(boolean()), null],
  ['text with a default', text({ default: "it's" }), "it's"],
  ['a decimal with a default', decimal({ default: '1.5', scale: 3 }), '1.500'],
  ['a boolean with a default', boolean({ default: true }), true],
  ['a read-only member with a default', decimal({ readOnly: true, default: '0' }), '0.00'],
]

for (const [name, schema, expected] of additions)
  test(`added: ${name}`, async () => {
    const path = await written({ title }, [row])
    const item = await read(path, modelOf({ title, more: schema }))
    assert.equal(item.values.more, expected)
    assert.equal(item.values.title, 'One')
    assert.equal(item.revision, 2, 'it looks different, so its validator has to go')
    const again = await read(path, modelOf({ title, more: schema }))
    assert.equal(again.revision, 2)
  })

test('indexes come and go with the definition', async () => {
  const path = await written({ title }, [row])
  const names = () => {
    const db = new DatabaseSync(path)
    const rows = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'books'")
      .all()
    db.close()
    return rows.map(({ name }) => name).sort()
  }
  const always = 'books_by_comity_revision'
  assert.deepEqual(names(), [always])
  await read(path, modelOf({ title }, { filters: { called: 'title.eq' } }))
  assert.deepEqual(names(), [always, 'books_by_title'])
  await read(path, modelOf({ title: text({ unique: true }) }))
  assert.deepEqual(names(), [always, 'books_one_title'])
  await read(path, modelOf({ title }))
  assert.deepEqual(names(), [always])
})

test('a table of before items knew when they were created', async () => {
  const path = await written({ title }, [row])
  const db = new DatabaseSync(path)
  db.exec('DROP INDEX books_by_comity_revision; ALTER TABLE books DROP COLUMN comity_born')
  db.close()
  const model = modelOf({ title })
  assert.equal((await read(path, model)).revision, 1)
  const store = await openSqlite(model, { path })
  await store.write(tx => tx.insert(booksOf(model), { id: 'b1', ...row }))
  const { created, changed } = await store.changes(booksOf(model), 0, 10)
  assert.deepEqual([created.map(({ id }) => id), changed.map(({ id }) => id)], [['b1'], ['b0']])
  await store.close()
})

type Refusal = {
  readonly name: string
  readonly from: Fields
  readonly row: Values
  readonly to: Fields
  readonly says: RegExp
  /** Replaces what the operator has to choose. */
  readonly choice?: string
  readonly becomes: unknown
}

const refused: readonly Refusal[] = [
  {
    name: 'a removed member',
    from: { title, isbn: text() },
    row: { title: 'One', isbn: '1' },
    to: { title },
    says: /books\.isbn is no longer/,
    becomes: undefined,
  },
  {
    name: 'a required member without a default',
    from: { title },
    row,
    to: { title, isbn: text() },
    says: /books\.isbn is new, required, and has no default/,
    choice: "'none'",
    becomes: 'none',
  },
  {
    name: 'a changed kind',
    from: { isbn: text() },
    row: { isbn: '12' },
    to: { isbn: integer() },
    says: /books\.isbn was text and is to be integer/,
    choice: 'CAST(isbn AS INTEGER)',
    becomes: 12,
  },
  {
    name: 'a kind with the same SQL type',
    from: { isbn: text() },
    row: { isbn: 'x' },
    to: { isbn: date() },
    says: /books\.isbn was text and is to be date/,
    choice: "'2014-01-01'",
    becomes: '2014-01-01',
  },
  {
    name: 'more digits after the point',
    from: { isbn: decimal() },
    row: { isbn: '-1.25' },
    to: { isbn: decimal({ scale: 4 }) },
    says: /books\.isbn had 2 digits after the point and is to have 4/,
    becomes: '-1.2500',
  },
  {
    name: 'fewer digits after the point',
    from: { isbn: decimal() },
    row: { isbn: '1.25' },
    to: { isbn: decimal({ scale: 1 }) },
    says: /had 2 digits after the point and is to have 1/,
    becomes: '1.3',
  },
  {
    name: 'optional to required',
    from: { isbn: optional(text()) },
    row: {},
    to: { isbn: text() },
    says: /books\.isbn was optional and is to be required/,
    choice: "'?'",
    becomes: '?',
  },
  {
    name: 'optional to required with a default',
    from: { isbn: optional(text()) },
    row: {},
    to: { isbn: text({ default: 'd' }) },
    says: /was optional and is to be required/,
    becomes: 'd',
  },
  {
    name: 'required to optional',
    from: { isbn: text() },
    row: { isbn: 'x' },
    to: { isbn: optional(text()) },
    says: /books\.isbn was required and is to be optional/,
    becomes: 'x',
  },
  {
    name: 'a reference that was none',
    from: { isbn: optional(text()) },
    row: {},
    to: { isbn: optional(reference('authors')) },
    says: /referred to nothing and is to refer to authors/,
    becomes: null,
  },
]

for (const { name, from, row: values, to, says, choice, becomes } of refused)
  test(`refused: ${name}`, async () => {
    const path = await written(from, [values])
    const wanted = modelOf(to)
    const error = await openSqlite(wanted, { path }).then(
      () => assert.fail('it was not refused'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof DestructiveChangeError, String(error))
    assert.match(error.message, says)
    for (const statement of error.sql) assert.ok(error.message.includes(statement))
    // Nothing has changed.
    assert.equal((await read(path, modelOf(from))).revision, 1)
    // What it printed, run by an operator, is what it takes.
    const sql = error.sql.join('\n')
    assert.equal(/<[^>]*>/.test(sql), choice !== undefined)
    const db = new DatabaseSync(path)
    db.exec(sql.replaceAll(/<[^>]*>/g, choice ?? ''))
    assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), [])
    db.close()
    const item = await read(path, wanted)
    assert.equal(item.values.isbn, becomes)
    assert.equal(item.revision, 2)
  })

test('a table without rows is made anew instead', async () => {
  const path = await written({ title, isbn: text() }, [])
  const model = modelOf({ isbn: integer(), pages: integer() })
  const store = await openSqlite(model, { path })
  await store.write(tx => tx.insert(booksOf(model), { id: 'b', isbn: 1, pages: 2 }))
  await store.close()
})

test('a member that becomes unique is refused while values repeat', async () => {
  const path = await written({ title }, [row, row])
  const model = modelOf({ title: text({ unique: true }) })
  await assert.rejects(openSqlite(model, { path }), /books\.title is to be unique/)
  const db = new DatabaseSync(path)
  db.exec("UPDATE books SET title = id WHERE id = 'b1'")
  db.close()
  assert.equal((await read(path, model)).values.title, 'One')
})

test('a word more in oneOf needs nothing', async () => {
  const path = await written({ kind: oneOf('a', 'b') }, [{ kind: 'a' }])
  assert.equal((await read(path, modelOf({ kind: oneOf('a', 'b', 'c') }))).values.kind, 'a')
})

test('a table that Comity did not make is left alone', async () => {
  const path = join(folder, `${files++}.db`)
  const db = new DatabaseSync(path)
  db.exec("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO books VALUES (1, 'mine')")
  await assert.rejects(openSqlite(modelOf({ title }), { path }), (error: unknown) => {
    assert.ok(error instanceof DestructiveChangeError)
    assert.match(error.message, /the table books is there already/)
    return true
  })
  assert.deepEqual({ ...db.prepare('SELECT * FROM books').get() }, { id: 1, title: 'mine' })
  assert.equal(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'comity%'").get()?.n, 0)
  db.close()
})

test('a database of a newer Comity is left alone', async () => {
  const path = await written({ title }, [row])
  const db = new DatabaseSync(path)
  db.exec("UPDATE comity_meta SET value = '99' WHERE key = 'layout'")
  db.close()
  await assert.rejects(openSqlite(modelOf({ title }), { path }), /made by a newer Comity/)
})

test('a file that is no database is left alone', async () => {
  const path = join(folder, `${files++}.db`)
  writeFileSync(path, 'dear diary, '.repeat(100))
  await assert.rejects(openSqlite(modelOf({ title }), { path }), /not a database/)
  assert.equal(readFileSync(path, 'utf8'), 'dear diary, '.repeat(100))
})
