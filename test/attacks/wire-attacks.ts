// Attacks on the message itself: smuggled requests, floods of fields, bytes that are no text, and slowness.
import assert from 'node:assert/strict'
import { openWire } from '../support/wire.ts'
import type { Attack } from './attack.ts'
import type { Chance } from './random.ts'

const host = 'Host: 127.0.0.1\r\n'
const json = 'Content-Type: application/json\r\n'

/** The request that is hidden in another: were it done, there would be a note of this title. */
export const smuggledTitle = 'smuggled'
const hidden = (key: string) => {
  const body = `{"title":"${smuggledTitle}","ownerId":"mallory"}`
  return `POST /notes HTTP/1.1\r\n${host}X-API-Key: ${key}\r\n${json}Content-Length: ${body.length}\r\n\r\n${body}`
}

/** Lines by which two readers may see the end of the content at two places. */
const framings: readonly ((length: number) => string)[] = [
  n => `Content-Length: ${n}\r\nTransfer-Encoding: chunked\r\n`,
  n => `Transfer-Encoding: chunked\r\nContent-Length: ${n}\r\n`,
  n => `Content-Length: 0\r\nContent-Length: ${n}\r\n`,
  n => `Content-Length: 0, ${n}\r\n`,
  () => 'Content-Length: +0\r\n',
  () => 'Content-Length: -1\r\n',
  () => 'Content-Length: 0x0\r\n',
  () => 'Content-Length: 0 0\r\n',
  () => 'Content-Length: 00000000000000000000000000\r\nTransfer-Encoding: identity\r\n',
  () => 'Transfer-Encoding: xchunked\r\n',
  () => 'Transfer-Encoding: chunked, identity\r\n',
  () => 'Transfer-Encoding: identity, chunked\r\nContent-Length: 0\r\n',
  () => 'Transfer-Encoding : chunked\r\nContent-Length: 0\r\n',
  () => 'Transfer-Encoding:\x0bchunked\r\nContent-Length: 0\r\n',
  () => 'Transfer-Encoding\t: chunked\r\nContent-Length: 0\r\n',
  () => 'X: y\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n',
  () => 'X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n',
  () => 'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n',
  () => 'Transfer-Encoding: "chunked"\r\nContent-Length: 0\r\n',
]

const chunks = [
  '0\r\n\r\n',
  '0;x\r\n\r\n',
  '0 \r\n\r\n',
  '00\r\n\r\n',
  '0\n\n',
  '-1\r\n\r\n',
  'ffffffffffffffff1\r\n',
  '0x0\r\n\r\n',
  '1\r\nZ\r\n0\r\nX: y\r\n\r\n',
  '',
]

const smuggling: Attack = {
  family: 'requests hidden in others',
  async run({ raw, key }, chance) {
    const { one } = chance
    const inner = hidden(key)
    const body = one(chunks) + inner
    const method = one(['POST /notes', 'GET /livez', 'PUT /notes', 'QUERY /notes'])
    const type = one([json, 'Content-Type: text/csv\r\n', ''])
    const auth = one([`X-API-Key: ${key}\r\n`, ''])
    const framing = one(framings)(body.length)
    await raw(
      `${method} HTTP/1.1\r\n${host}${auth}${type}${framing}Connection: ${one(['close', 'keep-alive, close'])}\r\n\r\n${body}`,
      'any',
    )
  },
}

const floods: Attack = {
  family: 'floods of fields',
  async run({ raw }, chance) {
    const { one, some } = chance
    const count = some(200, 6_000)
    const lines = one([
      () => Array.from({ length: count }, (_, n) => `X-${n}: y\r\n`).join(''),
      () => `Cookie: ${Array.from({ length: count }, (_, n) => `c${n}=v`).join('; ')}\r\n`,
      () => `X: ${'y'.repeat(some(20_000, 200_000))}\r\n`,
      () => `${'X'.repeat(some(20_000, 60_000))}: y\r\n`,
      () => 'Accept: a/b\r\n'.repeat(count),
      () => `If-None-Match: ${'"a",'.repeat(count)}"b"\r\n`,
      () => `Range: bytes=${Array.from({ length: count }, (_, n) => `${n}-${n}`).join()}\r\n`,
    ])()
    const answers = await raw(
      `GET /livez HTTP/1.1\r\n${host}${lines}Connection: close\r\n\r\n`,
      [200, 206, 304, 400, 406, 416, 431],
    )
    assert.ok(answers.length <= 1)
  },
}

const broken: Attack = {
  family: 'bytes that are no text',
  async run({ raw, key }, { one, some }) {
    const bytes = Buffer.from(Array.from({ length: some(1, 12) }, () => some(0x80, 0xff)))
    const odd = one([
      bytes,
      Buffer.from([0xc0, 0xaf]),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from('\ufeff'),
    ])
    const percent = [...odd].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
    const auth = `X-API-Key: ${key}\r\n`
    const close = 'Connection: close\r\n'
    const where = one(['path', 'query', 'field', 'body', 'target'])
    const body = Buffer.concat([Buffer.from('{"ownerId":"mallory","title":"'), odd, Buffer.from('"}')])
    const type = one(['application/json', 'text/csv', 'application/xml', 'application/x-ndjson', 'application/cbor'])
    const texts: Record<string, string> = {
      path: `GET /notes/${percent} HTTP/1.1\r\n${host}${auth}${close}\r\n`,
      query: `GET /notes?title=${percent} HTTP/1.1\r\n${host}${auth}${close}\r\n`,
      field: `GET /notes HTTP/1.1\r\n${host}${auth}${one(['If-None-Match', 'Prefer', 'Accept', 'Accept-Language', 'Authorization', 'Range'])}: ${odd.toString('latin1')}\r\n${close}\r\n`,
      target: `GET /notes/${odd.toString('latin1')} HTTP/1.1\r\n${host}${auth}${close}\r\n`,
      body: `POST /notes HTTP/1.1\r\n${host}${auth}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n${close}\r\n${body.toString('latin1')}`,
    }
    await raw(Buffer.from(texts[where] ?? '', 'latin1'), 'any')
  },
}

const slow: Attack = {
  family: 'slowness',
  share: 100,
  async run({ url, key }, { one }) {
    const wire = await openWire(url)
    wire.send(
      one([
        'GET /notes HTTP/1.1\r\nHo',
        `GET /notes HTTP/1.1\r\n${host}`,
        `POST /notes HTTP/1.1\r\n${host}X-API-Key: ${key}\r\n${json}Content-Length: 100\r\n\r\n{`,
        `POST /notes HTTP/1.1\r\n${host}X-API-Key: ${key}\r\n${json}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
      ]),
    )
    const answer = await wire.next()
    assert.ok(answer === undefined || answer.status === 408, `${answer?.status}`)
    await wire.closed
    wire.close()
  },
}

export const wireAttacks: readonly Attack[] = [smuggling, floods, broken, slow]

/** A text of any characters. */
export const anything = ({ some }: Chance, length: number): string =>
  String.fromCodePoint(...Array.from({ length }, () => some(1, 0xd7ff)))
