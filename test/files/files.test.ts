// Files as their senders and readers meet them: sent, listed, read, replaced and deleted.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serving, startApi } from '../support/bank.ts'
import { answerTo, requestText } from '../support/wire.ts'
import { drawers } from './drawers.ts'

const server = serving(() => startApi(drawers))
const call: typeof server.call = (...request) => server.call(...request)
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

/** A request as it stands, its target untouched. */
async function send(method: string, path: string, fields: Readonly<Record<string, string>> = {}, body = '') {
  const answer = await answerTo(server.url, requestText(`${method} ${path}`, fields, body))
  return { status: answer?.status ?? 0, fields: answer?.fields ?? {}, text: answer?.body.toString() ?? '' }
}

async function newDesk(): Promise<string> {
  return (await call('POST', '/desks', {}, { name: 'A desk' })).fields.location ?? ''
}

const plain = { 'content-type': 'text/plain' }

test('a file is created by PUT, read, replaced and deleted', async () => {
  const desk = await newDesk()
  const path = `${desk}/papers/tea.txt`
  assert.equal((await call('GET', path)).status, 404)

  const created = await call('PUT', path, plain, 'Tea for two')
  assert.equal(created.status, 201, created.text)
  assert.equal(created.fields.location, path)
  assert.equal(created.fields['content-location'], undefined)
  const { id, createdAt, updatedAt, ...known } = created.json()
  assert.deepEqual(known, {
    deskId: desk.slice('/desks/'.length),
    name: 'tea.txt',
    mediaType: 'text/plain',
    size: 11,
    sha256: sha256('Tea for two'),
  })
  assert.equal(createdAt, updatedAt)

  const read = await call('GET', path)
  assert.equal(read.status, 200)
  assert.equal(read.text, 'Tea for two')
  assert.equal(read.fields['content-type'], 'text/plain')
  assert.equal(read.fields['content-length'], '11')
  assert.equal(read.fields['x-content-type-options'], 'nosniff')
  assert.equal(read.fields['content-disposition'], 'attachment; filename="tea.txt"')
  assert.equal(read.fields['content-security-policy'], undefined)
  assert.equal(read.fields.vary, 'accept-encoding')
  assert.equal(read.fields.etag, created.fields.etag)
  assert.equal(read.fields['last-modified'], created.fields['last-modified'])
  const named = `${desk}/papers?name=tea.txt`
  assert.equal(read.fields.link, `<${desk}/papers>; rel="collection", <${named}>; rel="describedby"`)
  assert.deepEqual((await call('GET', named)).json(), [created.json()])

  const head = await call('HEAD', path)
  assert.deepEqual({ ...head.fields, date: '' }, { ...read.fields, date: '' })
  assert.equal(head.text, '')

  const again = await call('PUT', path, plain, 'Tea for two')
  assert.equal(again.status, 200)
  assert.equal(again.fields.etag, created.fields.etag, 'what a write does not change is not written')

  const replaced = await call('PUT', path, { ...plain, prefer: 'return=minimal' }, 'Tea for three')
  assert.equal(replaced.status, 204)
  assert.notEqual(replaced.fields.etag, created.fields.etag)
  assert.equal((await call('GET', path)).text, 'Tea for three')
  assert.equal((await call('GET', path, { 'if-none-match': replaced.fields.etag })).status, 304)
  assert.equal((await call('GET', path, { 'if-modified-since': replaced.fields['last-modified'] })).status, 304)
  assert.equal((await call('GET', path, { 'if-none-match': created.fields.etag })).status, 200)

  assert.equal((await call('DELETE', path)).status, 204)
  assert.equal((await call('GET', path)).status, 410)
  assert.equal((await call('PUT', path, plain, 'Tea again')).status, 201)
})

test('the same name and the same bytes in two folders are two files', async () => {
  const [one, two] = [await newDesk(), await newDesk()]
  await call('PUT', `${one}/papers/a.txt`, plain, 'same')
  await call('PUT', `${two}/papers/a.txt`, plain, 'same')
  await call('DELETE', `${one}/papers/a.txt`)
  assert.equal((await call('GET', `${two}/papers/a.txt`)).text, 'same')
  assert.equal((await call('GET', `${two}/papers`)).json().length, 1)
  assert.equal((await call('DELETE', two)).status, 204)
  assert.equal((await call('GET', `${two}/papers/a.txt`)).status, 410)
})

test('a list of files is a list like any other', async () => {
  const desk = await newDesk()
  for (const [name, text] of Object.entries({ 'b.txt': 'bb', 'a.csv': 'a', 'c.xml': 'ccc' }))
    await call('PUT', `${desk}/papers/${name}`, {}, text)
  const names = async (query: string) =>
    (await call('GET', `${desk}/papers${query}`)).json().map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(''), ['a.csv', 'b.txt', 'c.xml'])
  assert.deepEqual(await names('?sort=-size'), ['c.xml', 'b.txt', 'a.csv'])
  assert.deepEqual(await names('?size.gte=2&limit=1'), ['b.txt'])
  const csv = await call('GET', `${desk}/papers.csv?fields=name,size`)
  assert.equal(csv.text.replaceAll('\r', ''), 'name,size\na.csv,1\nb.txt,2\nc.xml,3\n')
  const page = await call('GET', `${desk}/papers?limit=2`)
  assert.match(page.fields.link ?? '', /rel="next"/)
  assert.equal((await call('GET', `${desk}/papers`, { 'if-none-match': page.fields.etag })).status, 304)
  const gone = await call('DELETE', `${desk}/papers?size.gte=2`)
  assert.equal(gone.status, 204)
  assert.deepEqual(await names(''), ['a.csv'])
  assert.equal((await call('DELETE', `${desk}/papers`)).status, 428)
})

test('an extension is a part of the name', async () => {
  const sent = await call('PUT', '/brochures/report.csv', { 'content-type': 'text/csv; charset=utf-8' }, 'a,b\n1,2\n')
  assert.equal(sent.json().name, 'report.csv')
  const read = await call('GET', '/brochures/report.csv')
  assert.equal(read.text, 'a,b\n1,2\n')
  assert.equal(read.fields['content-type'], 'text/csv; charset=utf-8')
  assert.equal(read.fields['cache-control'], 'public, max-age=60')
  assert.equal((await call('GET', '/brochures/report')).status, 404)
  assert.equal((await call('GET', '/v1/brochures/report.csv')).text, 'a,b\n1,2\n')
})

test('a type that is not declared is told by the bytes, and by the name of what is text', async () => {
  const rows: [string, string, string][] = [
    ['a.txt', 'plain', 'text/plain'],
    ['a.csv', 'a,b', 'text/csv'],
    ['a.json', '{}', 'application/json'],
    ['a', '%PDF-1.7\n', 'application/pdf'],
    ['a.bin', '\u0007\u0008zz', 'application/octet-stream'],
    ['a.html', '<!doctype html><p>', 'text/html'],
  ]
  const desk = await newDesk()
  for (const [name, text, type] of rows) {
    const sent = await send('PUT', `${desk}/papers/${name}`, {}, text)
    assert.equal(JSON.parse(sent.text).mediaType, type, name)
  }
})

describe('preconditions', () => {
  test('are those of the bytes, and are asked before they come', async () => {
    const path = `${await newDesk()}/papers/a.txt`
    const { etag } = (await call('PUT', path, { ...plain, 'if-none-match': '*' }, 'one')).fields
    assert.equal((await call('PUT', path, { ...plain, 'if-none-match': '*' }, 'two')).status, 412)
    assert.equal((await call('PUT', path, { ...plain, 'if-match': '"0-file"' }, 'two')).status, 412)
    assert.equal((await call('PUT', path, { ...plain, 'if-match': etag }, 'two')).status, 200)
    assert.equal((await call('DELETE', path, { 'if-match': etag })).status, 412)
    assert.equal((await call('GET', path)).text, 'two')
  })

  test('are required where the definition says so', async () => {
    assert.equal((await call('PUT', '/deeds/a', plain, 'x')).status, 428)
    const made = await call('PUT', '/deeds/a', { ...plain, 'if-none-match': '*' }, 'x')
    assert.equal(made.status, 201)
    assert.equal((await call('DELETE', '/deeds/a')).status, 428)
    assert.equal((await call('DELETE', '/deeds/a', { 'if-match': made.fields.etag })).status, 204)
  })
})

test('what a place of files allows', async () => {
  const rows: [string, string, string | undefined][] = [
    ['/brochures', 'GET, HEAD, QUERY, POST, DELETE, OPTIONS', 'multipart/form-data, */*'],
    ['/brochures/a', 'GET, HEAD, PUT, DELETE, OPTIONS', undefined],
    ['/notices', 'GET, HEAD, QUERY, OPTIONS', undefined],
    ['/notices/a', 'GET, HEAD, OPTIONS', undefined],
    ['/desks/1/pictures', 'GET, HEAD, QUERY, POST, DELETE, OPTIONS', 'multipart/form-data, image/*, application/pdf'],
  ]
  for (const [path, allow, post] of rows) {
    const { fields } = await call('OPTIONS', path)
    assert.deepEqual([fields.allow, fields['accept-post']], [allow, post], path)
    const refused = await call('PATCH', path, {}, {})
    assert.deepEqual([refused.status, refused.fields.allow], [405, allow], path)
  }
  assert.equal((await call('PUT', '/notices/a', plain, 'x')).status, 405)
  assert.equal((await call('PUT', '/desks/none/papers/a', plain, 'x')).status, 404)
  assert.equal((await call('GET', '/brochures/a?fields=name')).status, 400)
})

test('a folder takes what it is defined to take', async () => {
  const desk = await newDesk()
  const gif = { 'content-type': 'image/gif' }
  assert.equal((await call('PUT', `${desk}/pictures/a`, plain, 'x')).status, 415)
  assert.equal((await send('PUT', `${desk}/pictures/a`, {}, 'x')).status, 415)
  assert.equal((await call('PUT', `${desk}/pictures/a`, gif, 'GIF89a')).status, 201)
  assert.equal((await call('PUT', `${desk}/pictures/b`, gif, `GIF89a${'x'.repeat(100_000)}`)).status, 413)
  assert.equal((await call('PUT', `${desk}/pictures/b`, gif, 'GIF89a')).status, 201)
  assert.equal((await call('PUT', `${desk}/pictures/c`, gif, 'GIF89a')).status, 201)
  const full = await call('PUT', `${desk}/pictures/d`, gif, 'GIF89a')
  assert.deepEqual([full.status, full.json().code, full.json().limit], [422, 'too-many-files', 3])
  assert.equal((await call('PUT', `${desk}/pictures/c`, gif, 'GIF89a!')).status, 200)
})

test('bytes and declared type must agree where a browser could be misled', async () => {
  const rows: [string, string, number][] = [
    ['image/png', '<script>alert(1)</script>', 415],
    ['image/png', 'GIF89a', 415],
    ['application/pdf', '<html>', 415],
    ['text/html', '<html>', 201],
    ['text/plain', '<html>', 201],
    ['image/svg+xml', '<svg onload="alert(1)">', 201],
  ]
  const desk = await newDesk()
  for (const [index, [type, text, status]] of rows.entries()) {
    const sent = await call('PUT', `${desk}/papers/${index}`, { 'content-type': type }, text)
    assert.equal(sent.status, status, `${type}: ${text}`)
    if (status === 415) assert.equal(sent.json().code, 'media-type-mismatch')
  }
  const html = await call('GET', `${desk}/papers/3`)
  assert.equal(html.fields['content-security-policy'], "default-src 'none'; sandbox")
  const trusted = await call('PUT', '/brochures/logo.svg', { 'content-type': 'image/svg+xml' }, '<svg/>')
  assert.equal(trusted.status, 201)
  const svg = await call('GET', '/brochures/logo.svg')
  assert.equal(svg.fields['content-security-policy'], undefined)
  assert.equal(svg.fields['content-disposition'], 'inline; filename="logo.svg"')
  await call('PUT', '/brochures/page.html', { 'content-type': 'text/html' }, '<html>')
  const page = await call('GET', '/brochures/page.html')
  assert.match(page.fields['content-disposition'] ?? '', /^attachment/)
})

describe('POST', () => {
  test('names the file by Content-Disposition or Slug', async () => {
    const desk = await newDesk()
    const rows: [Record<string, string>, string][] = [
      [{ 'content-disposition': 'attachment; filename="a b.txt"' }, 'a b.txt'],
      [{ 'content-disposition': "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.txt" }, 'résumé.txt'],
      [{ 'content-disposition': 'attachment; filename="../../etc/passwd"' }, 'passwd'],
      [{ 'content-disposition': 'attachment; filename="C:\\\\x\\\\y.txt"' }, 'y.txt'],
      [{ slug: 'gr%C3%BC%C3%9Fe.txt' }, 'grüße.txt'],
    ]
    for (const [fields, name] of rows) {
      const sent = await call('POST', `${desk}/papers`, { ...plain, ...fields }, name)
      assert.equal(sent.status, 201, sent.text)
      assert.equal(sent.fields.location, `${desk}/papers/${encodeURIComponent(name)}`)
      const read = await call('GET', sent.fields.location ?? '')
      assert.equal(read.text, name)
      assert.equal(read.fields.etag, sent.fields.etag)
    }
    const taken = await call('POST', `${desk}/papers`, { ...plain, slug: 'passwd' }, 'x')
    assert.deepEqual([taken.status, taken.json().code], [409, 'already-exists'])
    const nameless = await call('POST', `${desk}/papers`, plain, 'x')
    assert.deepEqual([nameless.status, nameless.json().code], [400, 'file-name-invalid'])
  })

  test('counts once for its key', async () => {
    const fields = { ...plain, slug: 'deed.txt', 'idempotency-key': '"deed-1"' }
    assert.equal((await call('POST', '/deeds', { ...plain, slug: 'deed.txt' }, 'x')).status, 400)
    const first = await call('POST', '/deeds', fields, 'I owe')
    assert.equal(first.status, 201)
    const again = await call('POST', '/deeds', fields, 'I owe')
    assert.deepEqual([again.status, again.fields['idempotency-replayed'], again.text], [201, 'true', first.text])
    assert.equal((await call('POST', '/deeds', fields, 'I owe more')).status, 422)
  })

  test('is rehearsed, and leaves nothing', async () => {
    const rehearsed = await call('POST', '/brochures', { ...plain, slug: 'dry.txt', prefer: 'dry-run' }, 'x')
    assert.equal(rehearsed.status, 201)
    assert.equal((await call('GET', '/brochures/dry.txt')).status, 404)
  })
})

test('names that can be none, however they are written, are 400 to send and 404 to read', async () => {
  const desk = await newDesk()
  const rows = ['..', '.', '%2e%2e', '%2E', '..%2F..%2Fetc%2Fpasswd', 'a%2Fb', 'a%5Cb', 'a%0Ab', '%01', 'a%E2%80%AEb']
  for (const name of [...rows, 'x'.repeat(256), encodeURIComponent('é'.repeat(128))]) {
    const sent = await send('PUT', `${desk}/papers/${name}`, plain, 'x')
    assert.deepEqual([sent.status, JSON.parse(sent.text).code], [400, 'file-name-invalid'], name)
    assert.equal((await send('GET', `${desk}/papers/${name}`)).status, 404, name)
  }
  for (const name of ['a%00b', '%FF', '%C0%AE%C0%AE']) {
    assert.equal((await send('PUT', `${desk}/papers/${name}`, plain, 'x')).status, 400, name)
    assert.equal((await send('GET', `${desk}/papers/${name}`)).status, 400, name)
  }
  assert.equal((await send('PUT', `${desk}/papers/a/b`, plain, 'x')).status, 404)
  const fine = ['x'.repeat(255), '...', '%252e%252e', "it's%20(1).txt", 'a%20b', '-', 'e%CC%81', '%F0%9F%8E%89.txt']
  for (const name of fine) {
    const sent = await send('PUT', `${desk}/papers/${name}`, plain, name)
    assert.equal(sent.status, 201, name)
    assert.equal((await send('GET', `${desk}/papers/${name}`)).text, name)
    assert.equal((await send('GET', sent.fields.location ?? '')).text, name)
  }
  assert.equal((await send('GET', `${desk}/papers/%C3%A9`)).text, 'e%CC%81', 'one name, in either form of Unicode')
})

test('large files come and go as they are', async () => {
  const bytes = randomBytes(5_000_000)
  const sent = await fetch(`${server.url}/brochures/large.bin`, { method: 'PUT', body: bytes })
  assert.equal(sent.status, 201)
  assert.equal(((await sent.json()) as { sha256: string }).sha256, sha256(bytes))
  const read = await fetch(`${server.url}/brochures/large.bin`)
  assert.equal(sha256(Buffer.from(await read.arrayBuffer())), sha256(bytes))
})

test('a part of a file is 206, and one that cannot be is 416', async () => {
  await call('PUT', '/brochures/digits.txt', plain, '0123456789')
  const { etag, 'accept-ranges': ranges } = (await call('HEAD', '/brochures/digits.txt')).fields
  assert.equal(ranges, 'bytes')
  const part = await call('GET', '/brochures/digits.txt', { range: 'bytes=2-4' })
  assert.deepEqual([part.status, part.text, part.fields['content-range']], [206, '234', 'bytes 2-4/10'])
  const two = await call('GET', '/brochures/digits.txt', { range: 'bytes=0-0,-1' })
  assert.match(two.fields['content-type'] ?? '', /^multipart\/byteranges; ?boundary=/)
  assert.equal((await call('GET', '/brochures/digits.txt', { range: 'bytes=10-' })).status, 416)
  const fresh = { range: 'bytes=5-', 'if-range': etag }
  assert.equal((await call('GET', '/brochures/digits.txt', fresh)).text, '56789')
  await call('PUT', '/brochures/digits.txt', plain, 'abcdefghij')
  const stale = await call('GET', '/brochures/digits.txt', fresh)
  assert.deepEqual([stale.status, stale.text], [200, 'abcdefghij'], 'never spliced from two versions')
})

test('digests are checked, and told without reading', async () => {
  const field = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
  const path = '/brochures/checked.txt'
  const wrong = await call('PUT', path, { ...plain, 'content-digest': field('other') }, 'checked')
  assert.deepEqual([wrong.status, wrong.json().code], [400, 'digest-mismatch'])
  assert.equal((await call('GET', path)).status, 404)
  assert.equal((await call('PUT', path, { ...plain, 'repr-digest': field('checked') }, 'checked')).status, 201)
  for (const method of ['GET', 'HEAD']) {
    const read = await call(method, path, { 'want-repr-digest': 'sha-256=1' })
    assert.equal(read.fields['repr-digest'], field('checked'))
  }
})

test('text is compressed like any other representation, and what has its own coding is not', async () => {
  const text = 'Tea for two, and two for tea. '.repeat(200)
  await call('PUT', '/brochures/long.txt', plain, text)
  const fields = { 'accept-encoding': 'gzip' }
  const coded = await call('GET', '/brochures/long.txt', fields)
  assert.equal(coded.fields['content-encoding'], 'gzip')
  const identity = await call('GET', '/brochures/long.txt')
  assert.notEqual(coded.fields.etag, identity.fields.etag)
  const fresh = await call('GET', '/brochures/long.txt', { ...fields, 'if-none-match': coded.fields.etag })
  assert.deepEqual([fresh.status, fresh.fields.etag, fresh.fields.vary], [304, coded.fields.etag, 'accept-encoding'])
  assert.equal(
    (await call('PUT', '/brochures/long.txt', { ...plain, 'if-match': coded.fields.etag }, text)).status,
    200,
  )
  await call('PUT', '/brochures/long.pdf', { 'content-type': 'application/pdf' }, `%PDF-1.7 ${text}`)
  const pdf = await call('GET', '/brochures/long.pdf', fields)
  assert.deepEqual([pdf.fields['content-encoding'], pdf.fields.vary], [undefined, undefined])
})

test('a file that is sent in a coding is kept as it was before', async () => {
  const text = 'Tea for two. '.repeat(1_000)
  const put = (body: Uint8Array, fields: Record<string, string> = {}) =>
    fetch(`${server.url}/brochures/coded.txt`, {
      method: 'PUT',
      headers: { ...plain, 'content-encoding': 'gzip', ...fields },
      body: Buffer.from(body),
    })
  assert.equal((await put(gzipSync(text))).status, 201)
  assert.equal((await call('GET', '/brochures/coded.txt')).text, text)
  assert.equal((await put(gzipSync(text).subarray(0, 60))).status, 400)
  assert.equal((await put(gzipSync(Buffer.alloc(70_000_000)))).status, 413)
  assert.equal((await put(Buffer.from(text), { 'content-encoding': 'compress' })).status, 415)
})
