import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../fields.ts'
import { invalidated, invalidatedUrls } from './invalidate.ts'

const target = 'https://a.example/dir/x'
type Row = readonly [name: string, method: string, status: number, fields: Fields, urls: readonly string[]]
const rows: readonly Row[] = [
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'FROB'].map((method): Row => [method, method, 200, {}, [target]]),
  ...['GET', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE'].map((method): Row => [method, method, 200, { location: '/y' }, []]),
  ...[201, 204, 301, 303, 304].map((status): Row => [`POST ${status}`, 'POST', status, {}, [target]]),
  ...[100, 400, 404, 409, 412, 500, 503].map(
    (status): Row => [`POST ${status}`, 'POST', status, { location: '/y' }, []],
  ),
  ['Location', 'POST', 201, { location: '/y' }, [target, 'https://a.example/y']],
  ['Content-Location', 'PUT', 200, { 'content-location': 'y' }, [target, 'https://a.example/dir/y']],
  [
    'both',
    'POST',
    201,
    { location: '/y', 'content-location': '/z' },
    [target, 'https://a.example/y', 'https://a.example/z'],
  ],
  ['the same three times', 'PUT', 200, { location: 'x', 'content-location': '/dir/x#a' }, [target]],
  ['another host', 'POST', 201, { location: 'https://b.example/dir/x' }, [target]],
  ['another scheme', 'POST', 201, { location: 'http://a.example/y' }, [target]],
  ['another port', 'POST', 201, { 'content-location': 'https://a.example:8443/y' }, [target]],
  ['the same origin, spelt out', 'POST', 201, { location: 'https://A.example:443/y' }, [target, 'https://a.example/y']],
  ['not a URL', 'POST', 201, { location: 'https://' }, [target]],
]
for (const [name, method, status, fields, urls] of rows) {
  test(`invalidates: ${name}`, () =>
    assert.deepEqual(invalidatedUrls({ method, url: target }, { status, fields }), urls))
}

test('the mark', () => {
  const stored = {
    method: 'GET',
    status: 200,
    fields: {},
    requestFields: {},
    requestTime: 0,
    responseTime: 0,
    body: 'x',
  }
  assert.deepEqual(invalidated(stored), { ...stored, invalid: true })
})
