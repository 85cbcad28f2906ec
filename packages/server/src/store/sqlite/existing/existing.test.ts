import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { defineApi } from '../../../define/api.ts'
import { collection } from '../../../define/collection.ts'
import { DefinitionError } from '../../../define/definition-error.ts'
import { integer, optional, reference, text } from '../../../define/fields.ts'
import { related } from '../../../define/related.ts'
import type { CollectionModel, ExistingModel } from '../../../model/model.ts'
import { ConstraintError, DestructiveChangeError } from '../../errors.ts'
import { openSqlite } from '../open.ts'
import { keyCells } from './key.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-existing-'))
after(() => rmSync(folder, { recursive: true }))

const api = defineApi({
  title: 'Rooms',
  resources: {
    rooms: collection({
      id: 'integer',
      existing: { table: 'Room', key: ['Number'], columns: { name: 'Its Name' } },
      fields: { name: text() },
      nested: { beds: related('beds', 'room') },
    }),
    beds: collection({
      id: 'text',
      existing: { table: 'Bed', key: ['room', 'label'] },
      fields: { room: reference('rooms', { ids: 'integer' }), label: text(), width: optional(integer()) },
    }),
    // Of Comity's own, beside them.
    notes: collection({ fields: { body: text(), room: optional(reference('rooms', { ids: 'integer' })) } }),
  },
})
const named = (name: string) => api.model.collections.find(one => one.name === name && !one.parent) as CollectionModel
const [rooms, beds, notes] = [named('rooms'), named('beds'), named('notes')]

function make(name: string, more = ''): string {
  const path = join(folder, name)
  const db = new DatabaseSync(path)
  db.exec(`CREATE TABLE Room (Number INTEGER PRIMARY KEY, "Its Name" TEXT NOT NULL);
    CREATE TABLE Bed (room INTEGER NOT NULL REFERENCES Room DEFERRABLE INITIALLY DEFERRED, label TEXT NOT NULL, width INT, PRIMARY KEY (room, label)) WITHOUT ROWID;
    INSERT INTO Room VALUES (1, 'one'), (2, 'two'); INSERT INTO Bed VALUES (1, 'a', 90), (1, 'b~!', 80), (2, 'a', NULL); ${more}`)
  db.close()
  return path
}

test('keys of several columns are told apart whatever is in them', () => {
  const { existing } = beds as { existing: ExistingModel }
  assert.deepEqual(keyCells(existing, '1~b!0!1'), [1, 'b~!'])
  assert.deepEqual(keyCells(existing, '-7~'), [-7, ''])
  assert.deepEqual(keyCells(existing, '9007199254740993~x'), [9007199254740993n, 'x'])
  for (const id of ['1', '01~a', '1~a~b', 'x~a', '1.0~a', '~a']) assert.equal(keyCells(existing, id), undefined, id)
})

test('rows of others and Comity’s own are written in one transaction, and one is undone with the other', async () => {
  const store = await openSqlite(api.model, { path: make('both.db') })
  try {
    assert.equal(store.fresh, false)
    const [room, note] = await store.write(async tx => {
      const made = await tx.insert(rooms, { id: await tx.nextId(rooms), name: 'three' })
      return [made, await tx.insert(notes, { id: 'n', body: 'b', room: 3 })] as const
    })
    assert.equal(room.revision, note.revision)
    await assert.rejects(
      async () =>
        store.write(async tx => {
          await tx.update(rooms, '3', { name: 'x' })
          await tx.insert(notes, { id: 'n', body: 'b' })
        }),
      ConstraintError,
    )
    assert.deepEqual(await store.get(rooms, '3'), room)
    const bed = await store.get(beds, '1~b!0!1')
    assert.ok(typeof bed === 'object' && bed.values.label === 'b~!')
    assert.equal(await store.get(beds, '1~b~!'), 'never')
    const all = { collection: beds, parent: undefined, conditions: [] }
    assert.equal(await store.write(tx => tx.removeWhere({ ...all, parent: undefined })), 3)
    assert.equal(await store.get(beds, '2~a'), 'gone')
    // One transaction, one revision; its own writes are not counted row by row.
    assert.deepEqual((await store.changes(beds, 0, 10)).deleted.length, 3)
    assert.equal((await store.clock()).revision, room.revision + 1)
  } finally {
    await store.close()
  }
})

test('a reference that is checked at the end of a transaction fails for the write that left it dangling', async () => {
  const store = await openSqlite(api.model, { path: make('deferred.db') })
  try {
    const results = await Promise.allSettled([
      store.write(tx => tx.insert(beds, { id: 'x', room: 99, label: 'a', width: null })),
      store.write(tx => tx.update(rooms, '1', { name: 'changed' })),
      store.write(async tx => {
        await tx.insert(beds, { id: 'x', room: 7, label: 'a', width: null })
        return tx.insert(rooms, { id: 7, name: 'later' })
      }),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    )
    const [first] = results
    assert.ok(
      first.status === 'rejected' && first.reason instanceof ConstraintError && first.reason.kind === 'reference',
    )
    assert.equal(await store.get(beds, '99~a'), 'never')
    assert.equal(typeof (await store.get(beds, '7~a')), 'object')
  } finally {
    await store.close()
  }
})

test('an id has one form, whatever SQLite takes for the same', async () => {
  const path = make(
    'forms.db',
    "CREATE TABLE Size (size REAL PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE); INSERT INTO Size VALUES (2.5, 'M')",
  )
  const odd = defineApi({
    title: 'Sizes',
    resources: {
      sizes: collection({
        id: text(),
        existing: { table: 'Size', key: ['size'] },
        fields: { name: text({ unique: true }) },
      }),
    },
  })
  const store = await openSqlite(odd.model, { path })
  const [sizes] = odd.model.collections
  try {
    assert.ok(sizes)
    const found = await store.get(sizes, '2.5')
    assert.ok(typeof found === 'object' && found.id === '2.5' && found.values.id === '2.5')
    assert.equal(await store.get(sizes, '2.50'), 'never')
    assert.equal((await store.write(tx => tx.insert(sizes, { id: '3.25', name: 'L' }))).id, '3.25')
  } finally {
    await store.close()
  }
})

test('what is there keeps its revision when it is opened again, and has another once the notes were taken out', async () => {
  const path = make('again.db')
  const revision = async () => {
    const store = await openSqlite(api.model, { path })
    const room = await store.get(rooms, '1')
    await store.close()
    assert.ok(typeof room === 'object')
    return room.revision
  }
  const first = await revision()
  assert.equal(await revision(), first)
  const db = new DatabaseSync(path)
  const added = db.prepare("SELECT type, name, sql FROM sqlite_master WHERE name LIKE 'comity!_%' ESCAPE '!'").all()
  // What older programs could not read, so that they could not open the file.
  assert.deepEqual(
    added.filter(({ sql }) => /STRICT|RETURNING|ON CONFLICT DO/.test(String(sql))),
    [],
  )
  const drops = added.filter(({ type }) => type === 'trigger' || type === 'table')
  for (const { type, name } of drops.sort((one, other) => (String(one.type) < String(other.type) ? 1 : -1)))
    db.exec(`DROP ${type} "${name}"`)
  const left = db.prepare("SELECT name FROM sqlite_master WHERE sql LIKE '%comity%'").all()
  assert.deepEqual(
    left.filter(({ name }) => !String(name).startsWith('notes')),
    [],
  )
  db.exec('DROP TABLE notes')
  db.close()
  assert.ok((await revision()) > first)
})

test('indexes of the table serve what is read through the view', async () => {
  const path = make('plans.db')
  const store = await openSqlite(api.model, { path })
  await store.close()
  const db = new DatabaseSync(path)
  const { viewsOf } = await import('./view.ts')
  for (const view of viewsOf(api.model, 'kept')) db.exec(view)
  const planOf = (sql: string) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail))
  const columns = 'id, name, comity_revision'
  for (const sql of [
    `SELECT ${columns} FROM comity_of_rooms WHERE comity_key_1 = 1`,
    `SELECT ${columns} FROM comity_of_rooms WHERE id > 5 ORDER BY id LIMIT 5`,
    'SELECT id, label, comity_revision FROM comity_of_beds WHERE comity_key_1 = 1 AND comity_key_2 = 2',
    'SELECT id, label, comity_revision FROM comity_of_beds WHERE (room, label, id) > (1, 2, 3) ORDER BY room, label, id LIMIT 5',
  ]) {
    const plan = planOf(sql)
    assert.ok(
      plan.some(step => /^SEARCH t USING/.test(step)),
      `${sql}\n${plan.join('\n')}`,
    )
    assert.ok(
      plan.every(step => !/^SCAN (t|r)\b/.test(step)),
      `${sql}\n${plan.join('\n')}`,
    )
  }
  db.close()
})

test('a table that is not there, and what cannot be said of one, is told', async () => {
  const path = join(folder, 'none.db')
  new DatabaseSync(path).close()
  await assert.rejects(openSqlite(api.model, { path }), DestructiveChangeError)
  const faults = (existing: object, more: object = {}) => {
    try {
      defineApi({
        title: 'x',
        resources: { rooms: collection({ fields: { name: text() }, existing: existing as never, ...more }) },
      })
      return []
    } catch (error) {
      assert.ok(error instanceof DefinitionError)
      return error.places.map(({ place }) => place)
    }
  }
  assert.deepEqual(faults({ table: 'Room', key: ['Number'] }), [])
  assert.deepEqual(faults({ table: 'Room', key: [] }), ['resources.rooms.methods'])
  assert.deepEqual(faults({ table: 'Room', kind: 'view', key: ['a'] }, { methods: ['GET', 'POST'] }), [
    'resources.rooms.methods',
  ])
  assert.deepEqual(faults({ table: 'Room', key: ['a'], columns: { other: 'x' } }), [
    'resources.rooms.existing.columns.other',
  ])
  assert.deepEqual(faults({ table: 'Room', key: ['a'] }, { timestamps: 'shown' }), ['resources.rooms.timestamps'])
  assert.deepEqual(faults({ table: 'Room', key: ['a'] }, { nested: { parts: collection({ fields: {} }) } }), [
    'resources.rooms.nested.parts',
  ])
})
