// multipart/form-data, as browsers and curl send it, and as nobody should.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { serving, startApi } from '../support/bank.ts'
import { answerTo, openWire, requestText } from '../support/wire.ts'
import { drawers } from './drawers.ts'

const server = serving(() => startApi(drawers))

type Part = { readonly head: string; readonly body: string }

const file = (name: string, body: string, type = 'text/plain'): Part => ({
  head: `Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}`,
  body,
})

const form = (parts: readonly Part[], boundary = 'b0undary') =>
  `${parts.map(({ head, body }) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`).join('')}--${boundary}--\r\n`

async function post(path: string, body: string, fields: Readonly<Record<string, string>> = {}) {
  const type = { 'content-type': 'multipart/form-data; boundary=b0undary', ...fields }
  const answer = await answerTo(server.url, requestText(`POST ${path}`, type, body))
  const text = answer?.body.toString() ?? ''
  return { status: answer?.status ?? 0, fields: answer?.fields ?? {}, json: () => JSON.parse(text) }
}

async function newFolder(): Promise<string> {
  const { fields } = await server.call('POST', '/desks', {}, { name: 'A desk' })
  return `${fields.location}/papers`
}

test('one file of a form is answered as one, several as a list', async () => {
  const folder = await newFolder()
  const one = await post(folder, form([file('tea.txt', 'Tea')]))
  assert.deepEqual([one.status, one.fields.location, one.json().size], [201, `${folder}/tea.txt`, 3])
  const field = { head: 'Content-Disposition: form-data; name="note"', body: 'no file' }
  const two = await post(folder, form([field, file('é.txt', 'one'), file('C:\\x\\two.csv', 'a,b', 'text/csv')]))
  assert.equal(two.status, 201)
  assert.deepEqual(
    two.json().map(({ name, mediaType }: { name: string; mediaType: string }) => [name, mediaType]),
    [
      ['é.txt', 'text/plain'],
      ['two.csv', 'text/csv'],
    ],
  )
  assert.equal((await server.call('GET', `${folder}/two.csv`)).text, 'a,b')
})

test('all of a form or none', async () => {
  const folder = await newFolder()
  await post(folder, form([file('taken.txt', 'first')]))
  const rows: [string, number, string][] = [
    [form([file('new.txt', 'x'), file('taken.txt', 'x')]), 409, 'already-exists'],
    [form([file('new.txt', 'x'), file('new.txt', 'y')]), 409, 'already-exists'],
    [form([file('new.txt', 'x'), file('a.png', '<script>', 'image/png')]), 415, 'media-type-mismatch'],
    [form([file('new.txt', 'x'), file('..', 'x')]), 400, 'file-name-invalid'],
    [form([file('new.txt', 'x'), file('', 'x')]), 400, 'file-name-invalid'],
  ]
  for (const [body, status, code] of rows) {
    const refused = await post(folder, body)
    assert.deepEqual([refused.status, refused.json().code], [status, code])
  }
  assert.equal((await server.call('GET', folder)).json().length, 1)
})

test('a form counts once for its key, whatever its boundary', async () => {
  const fields = { 'idempotency-key': '"form-1"' }
  const first = await post('/deeds', form([file('deed.txt', 'I owe')]), fields)
  assert.equal(first.status, 201)
  const other = { ...fields, 'content-type': 'multipart/form-data; boundary=other' }
  const again = await post('/deeds', form([file('deed.txt', 'I owe')], 'other'), other)
  assert.deepEqual([again.status, again.fields['idempotency-replayed']], [201, 'true'])
  assert.equal((await post('/deeds', form([file('deed.txt', 'I owe more')]), fields)).status, 422)
})

test('what is no form is 400, and the server goes on', async () => {
  const folder = await newFolder()
  const whole = form([file('a.txt', 'x')])
  const rows: [what: string, body: string, type: string][] = [
    ['no boundary', whole, 'multipart/form-data'],
    ['another boundary', whole, 'multipart/form-data; boundary=other'],
    ['no end', whole.slice(0, -12), 'multipart/form-data; boundary=b0undary'],
    ['a head without its end', whole.slice(0, 60), 'multipart/form-data; boundary=b0undary'],
    ['nothing', '--b0undary--\r\n', 'multipart/form-data; boundary=b0undary'],
    [
      'no file',
      form([{ head: 'Content-Disposition: form-data; name="a"', body: 'x' }]),
      'multipart/form-data; boundary=b0undary',
    ],
    [
      'too many parts',
      form(Array.from({ length: 6 }, (_, n) => file(`${n}.txt`, 'x'))),
      'multipart/form-data; boundary=b0undary',
    ],
    [
      'a huge head',
      form([
        { head: `Content-Disposition: form-data; name="file"; x="${'y'.repeat(200_000)}"; filename="a"`, body: 'x' },
      ]),
      'multipart/form-data; boundary=b0undary',
    ],
  ]
  for (const [what, body, type] of rows) {
    const refused = await post(folder, body, { 'content-type': type })
    assert.equal(refused.status, 400, what)
  }
  assert.equal((await server.call('GET', folder)).json().length, 0)
  assert.equal((await post(folder, whole)).status, 201)
})

test('a form that breaks off leaves nothing', async () => {
  const folder = await newFolder()
  const wire = await openWire(server.url)
  const head = requestText(`POST ${folder}`, {
    'content-type': 'multipart/form-data; boundary=b0undary',
    'content-length': '100000',
  })
  wire.send(head)
  wire.send(form([file('a.txt', 'whole')]).slice(0, -14))
  wire.send(`--b0undary\r\n${file('b.txt', '').head}\r\n\r\nhalf`)
  wire.socket.end()
  await wire.closed
  wire.close()
  // What was laid aside goes once the request is answered, to nobody.
  const leftover = () =>
    readdirSync(tmpdir())
      .filter(name => name.startsWith('comity-files-'))
      .flatMap(name => {
        try {
          return readdirSync(`${tmpdir()}/${name}/incoming`)
        } catch {
          // Another process's, which has just ended.
          return []
        }
      })
      .filter(name => name.includes(`-${process.pid}-`))
  for (let turn = 0; turn < 1_000 && leftover().length > 0; turn++) await new Promise(setImmediate)
  assert.deepEqual(leftover(), [])
  assert.equal((await server.call('GET', folder)).json().length, 0)
})
