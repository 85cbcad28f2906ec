// RFC 9112: messages that are none, or that two readers could read in two ways. Each gets one answer that says so.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Serving, serve } from '@comity/server'
import { notesApi } from '../support/notes.ts'
import { problemOf } from '../support/problem.ts'
import { answersTo } from '../support/wire.ts'

let serving: Serving
before(async () => {
  serving = await serve(notesApi(), { port: 0 })
})
after(() => serving.close())

const get = (rest: string) => `GET /livez HTTP/1.1\r\n${rest}\r\n`
const post = (fields: string, body = '') => `POST /notes HTTP/1.1\r\nHost: h\r\n${fields}\r\n${body}`
const json = 'Content-Type: application/json\r\n'
const chunked = `${json}Transfer-Encoding: chunked\r\n`
const smuggled = 'GET /notes/smuggled HTTP/1.1\r\nHost: h\r\n\r\n'

/** Name, bytes as Latin-1, status. */
const rows: readonly (readonly [string, string, number])[] = [
  ['no request line at all', 'asdf\r\n\r\n', 400],
  ['the first bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  ['a request line without a target', 'GET HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['a space in the target', 'GET /li vez HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['tabs for spaces', 'GET\t/livez\tHTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['a target that is no path', 'GET livez HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['bytes beyond ASCII in the target', 'GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['NUL in the target', 'GET /liv\0ez HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['an answer for a request', 'HTTP/1.1 200 OK\r\nHost: h\r\n\r\n', 400],
  ['another protocol', 'GET /livez RTSPX/1.0\r\nHost: h\r\n\r\n', 400],
  ['the protocol in small letters', 'GET /livez http/1.1\r\nHost: h\r\n\r\n', 400],
  ['a version that is none', 'GET /livez HTTP/one\r\nHost: h\r\n\r\n', 400],
  ['HTTP/0.9', 'GET /livez\r\n\r\n', 505],
  ['HTTP/2.0 in a request line', get('Host: h\r\n').replace('1.1', '2.0'), 505],
  ['HTTP/3.0', get('Host: h\r\n').replace('1.1', '3.0'), 505],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ['no Host', get(''), 400],
  ['two Hosts', get('Host: a\r\nHost: b\r\n'), 400],
  ['the same Host twice', get('Host: a\r\nhOST: a\r\n'), 400],
  ['a Host with a space', get('Host: a b\r\n'), 400],
  ['a Host with a path', get('Host: a/b\r\n'), 400],
  ['a Host with userinfo', get('Host: u@a\r\n'), 400],
  ['a Host that is a list', get('Host: a, b\r\n'), 400],
  ['a Host with a port that is none', get('Host: a:b\r\n'), 400],
  ['an absolute target with userinfo', 'GET http://u:p@h/livez HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  ['a space before a colon', get('Host: h\r\nX : y\r\n'), 400],
  ['a name that is empty', get('Host: h\r\n: y\r\n'), 400],
  ['a line without a colon', get('Host: h\r\nX\r\n'), 400],
  ['a name with a bracket', get('Host: h\r\nX(): y\r\n'), 400],
  ['a name with NUL', get('Host: h\r\nX\0: y\r\n'), 400],
  ['a name beyond ASCII', get('Host: h\r\n\xe9: y\r\n'), 400],
  ['obs-fold', get('Host: h\r\nX: y\r\n z\r\n'), 400],
  ['a fold before the first field', get(' Host: h\r\nX: y\r\n'), 400],
  ['NUL in a value', get('Host: h\r\nX: a\0b\r\n'), 400],
  ['another control character in a value', get('Host: h\r\nX: a\x01b\r\n'), 400],
  ['DEL in a value', get('Host: h\r\nX: a\x7fb\r\n'), 400],
  ['CR in a value', get('Host: h\r\nX: a\rb\r\n'), 400],
  ['bare LF as the end of lines', 'GET /livez HTTP/1.1\nHost: h\n\n', 400],
  ['bare LF as the end of one field', 'GET /livez HTTP/1.1\r\nHost: h\nX: y\r\n\r\n', 400],
  ['bare CR as the end of lines', 'GET /livez HTTP/1.1\rHost: h\r\r', 400],
  ['Content-Length and Transfer-Encoding', post(`Content-Length: 4\r\n${chunked}`, `0\r\n\r\n${smuggled}`), 400],
  ['Transfer-Encoding and Content-Length', post(`${chunked}Content-Length: 4\r\n`, `0\r\n\r\n${smuggled}`), 400],
  ['two different Content-Lengths', post(`${json}Content-Length: 2\r\nContent-Length: 4\r\n`, '{}{}'), 400],
  ['two Content-Lengths in a list', post(`${json}Content-Length: 2, 4\r\n`, '{}{}'), 400],
  ['Content-Length with a sign', post(`${json}Content-Length: +2\r\n`, '{}'), 400],
  ['Content-Length below zero', post(`${json}Content-Length: -2\r\n`, '{}'), 400],
  ['Content-Length in hexadecimal', post(`${json}Content-Length: 0x2\r\n`, '{}'), 400],
  ['Content-Length with a space inside', post(`${json}Content-Length: 2 2\r\n`, '{}'), 400],
  ['Content-Length that is empty', post(`${json}Content-Length:\r\n`, '{}'), 400],
  ['Content-Length beyond 2^64', post(`${json}Content-Length: 99999999999999999999\r\n`, '{}'), 400],
  ['a coding after chunked', post(`${json}Transfer-Encoding: chunked, gzip\r\n`, smuggled), 400],
  ['chunked twice', post(`${chunked}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${smuggled}`), 400],
  ['an unknown coding', post(`${json}Transfer-Encoding: xchunked\r\n`, `0\r\n\r\n${smuggled}`), 501],
  ['a coding that only looks like chunked', post(`${json}Transfer-Encoding: "chunked"\r\n`, smuggled), 501],
  ['a coding before chunked', post(`${json}Transfer-Encoding: gzip, chunked\r\n`, `0\r\n\r\n${smuggled}`), 501],
  ['identity as a coding', post(`${json}Transfer-Encoding: identity\r\n`, smuggled), 501],
  ['a chunk size that is no number', post(chunked, `zz\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['a chunk size below zero', post(chunked, `-2\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['a chunk size with 0x', post(chunked, `0x2\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['a chunk size that is empty', post(chunked, `\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['a chunk size beyond 2^64', post(chunked, `fffffffffffffffff\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['a chunk longer than its size', post(chunked, `1\r\n{}\r\n0\r\n\r\n${smuggled}`), 400],
  ['chunks that end in bare LF', post(chunked, `2\n{}\n0\n\n${smuggled}`), 400],
  ['a chunk extension without end', post(chunked, `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`), 400],
  ['trailers without end', post(chunked, `2\r\n{}\r\n0\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), 431],
  ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n', 501],
  ['CONNECT with a path', 'CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n', 501],
  ['an unknown method', 'BREW /notes HTTP/1.1\r\nHost: h\r\n\r\n', 501],
  ['a method in small letters', 'get /notes HTTP/1.1\r\nHost: h\r\n\r\n', 501],
  ['a method with a known one in front', 'GETS /notes HTTP/1.1\r\nHost: h\r\n\r\n', 501],
  ['a very long method', `${'A'.repeat(6000)} /notes HTTP/1.1\r\nHost: h\r\n\r\n`, 501],
]

const isWell = async () => {
  const response = await fetch(`${serving.url}/livez`)
  await response.arrayBuffer()
  return response.status === 200
}

describe('a malformed message gets one answer, the connection ends, and the server goes on', () => {
  for (const [name, bytes, status] of rows)
    it(name, async () => {
      const answers = await answersTo(serving.url, Buffer.from(bytes, 'latin1'))
      assert.equal(answers.length, 1, answers.map(answer => answer.status).join())
      problemOf(answers[0], status)
      assert.equal(answers[0]?.fields.connection, 'close')
      assert.ok(await isWell())
    })
})

/** Refused as well, but what comes after it on the connection can be told apart. */
const wellFramed: readonly (readonly [string, string, number, string])[] = [
  ['TRACE', 'TRACE /notes', 405, 'method-not-allowed'],
  ['a method of WebDAV', 'PROPFIND /notes', 501, 'method-not-implemented'],
  ['an asterisk for GET', 'GET *', 404, 'no-such-resource'],
  ['an absolute target of another scheme', 'GET ftp://h/livez', 404, 'no-such-resource'],
  ['an absolute target without a host', 'GET http:///livez', 404, 'no-such-resource'],
  ['a fragment', 'GET /livez#top', 404, 'no-such-resource'],
]

describe('a request that is refused leaves the connection usable', () => {
  for (const [name, line, status, code] of wellFramed)
    it(name, async () => {
      const bytes = `${line} HTTP/1.1\r\nHost: h\r\n\r\n${get('Host: h\r\nConnection: close\r\n')}`
      const [refused, next, ...more] = await answersTo(serving.url, bytes)
      assert.equal(problemOf(refused, status).code, code)
      assert.equal(next?.status, 200)
      assert.equal(more.length, 0)
    })
})

describe('what the RFC lets a client write is read', () => {
  const close = 'Connection: close\r\n'
  const accepted: readonly (readonly [string, string, number])[] = [
    ['HTTP/1.0 without Host', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    ['empty lines before the request line', `\r\n\r\n${get(`Host: h\r\n${close}`)}`, 200],
    ['absolute-form', `GET http://h/livez HTTP/1.1\r\nHost: h\r\n${close}\r\n`, 200],
    ['absolute-form with a scheme in capitals', `GET HTTP://h/livez HTTP/1.1\r\nHost: h\r\n${close}\r\n`, 200],
    ['absolute-form without a path', `GET http://h?v=1 HTTP/1.1\r\nHost: h\r\n${close}\r\n`, 200],
    ['asterisk-form', `OPTIONS * HTTP/1.1\r\nHost: h\r\n${close}\r\n`, 204],
    ['an empty Host', get(`Host:\r\n${close}`), 200],
    ['an IPv6 Host', get(`Host: [::1]:8080\r\n${close}`), 200],
    ['white space around a value', get(`Host: \t h \t \r\n${close}`), 200],
    ['an offer to change protocols', get('Host: h\r\nUpgrade: h2c\r\nConnection: upgrade, close\r\n'), 200],
    [
      'chunks with extensions and trailers',
      post(`${chunked}${close}`, '2;a=b\r\n{"\r\n9\r\ntitle":""\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n'),
      201,
    ],
  ]
  for (const [name, bytes, status] of accepted)
    it(name, async () => {
      const answers = await answersTo(serving.url, bytes)
      assert.deepEqual(
        answers.map(answer => answer.status),
        [status],
        String(answers[0]?.body),
      )
    })
})
