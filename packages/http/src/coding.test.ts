import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCompressible, parseContentCodings } from './coding.ts'

const types: readonly (readonly [mediaType: string, compressible: boolean])[] = [
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['APPLICATION/JSON', true],
  ['application/problem+json', true],
  ['application/problem+xml; charset=utf-8', true],
  ['application/vnd.oai.openapi+json', true],
  ['application/xml', true],
  ['text/xml', true],
  ['text/csv; charset=utf-8; header=present', true],
  ['text/html; charset=utf-8', true],
  ['text/plain', true],
  ['text/event-stream', false],
  ['application/x-ndjson', true],
  ['application/cbor', true],
  ['image/svg+xml', true],
  ['image/bmp', true],
  ['image/png', false],
  ['image/jpeg', false],
  ['video/mp4', false],
  ['audio/mpeg', false],
  ['font/woff2', false],
  ['application/zip', false],
  ['application/gzip', false],
  ['application/zstd', false],
  ['application/epub+zip', false],
  ['application/pdf', false],
  ['application/octet-stream', false],
  ['multipart/byteranges; boundary=x', false],
  ['xml', false],
  ['', false],
]

for (const [mediaType, compressible] of types)
  test(`${mediaType || 'an empty type'} is ${compressible ? '' : 'not '}compressible`, () =>
    assert.equal(isCompressible(mediaType), compressible))

const fields: readonly (readonly [field: string | undefined, read: readonly string[] | string])[] = [
  [undefined, []],
  ['', []],
  ['identity', []],
  ['gzip', ['gzip']],
  ['x-gzip', ['gzip']],
  ['X-GZIP', ['gzip']],
  [' Br ', ['br']],
  ['deflate, zstd', ['deflate', 'zstd']],
  ['gzip,, gzip', ['gzip', 'gzip']],
  ['identity, gzip', ['gzip']],
  ['compress', 'compress'],
  ['gzip, Exi', 'exi'],
  ['gzip;q=1', 'gzip;q=1'],
  ['aes128gcm', 'aes128gcm'],
]

for (const [field, read] of fields)
  test(`Content-Encoding: ${field ?? '(absent)'}`, () =>
    assert.deepEqual(
      parseContentCodings(field),
      typeof read === 'string' ? { kind: 'unknown', name: read } : { kind: 'codings', codings: read },
    ))
