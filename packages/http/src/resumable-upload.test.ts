import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatUploadLimit, lengthOfUpload, parseUploadBytes, parseUploadComplete } from './resumable-upload.ts'

test('Upload-Complete is a boolean, or ignored', () => {
  const rows: [string | undefined, boolean | undefined][] = [
    ['?1', true],
    ['?0', false],
    ['?1;x=y', true],
    ['1', undefined],
    ['true', undefined],
    ['?1, ?1', undefined],
    ['', undefined],
    [undefined, undefined],
  ]
  for (const [field, value] of rows) assert.equal(parseUploadComplete(field), value, String(field))
})

test('Upload-Offset and Upload-Length are numbers of bytes, or ignored', () => {
  const rows: [string | undefined, number | undefined][] = [
    ['0', 0],
    ['123', 123],
    ['999999999999999', 999_999_999_999_999],
    ['-1', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
    ['"1"', undefined],
    ['9999999999999999', undefined],
    [undefined, undefined],
  ]
  for (const [field, value] of rows) assert.equal(parseUploadBytes(field), value, String(field))
})

test('what requests say of the length must agree', () => {
  const rows: [boolean | undefined, string | undefined, string | undefined, number, number | undefined, string][] = [
    [true, undefined, '100', 0, undefined, 'length 100'],
    [true, '100', '100', 0, undefined, 'length 100'],
    [true, '100', '40', 60, 100, 'length 100'],
    [true, undefined, '40', 60, 100, 'length 100'],
    [false, '100', '40', 0, undefined, 'length 100'],
    [false, undefined, '40', 0, undefined, 'unknown'],
    [true, undefined, undefined, 0, undefined, 'unknown'],
    [false, undefined, '40', 0, 100, 'length 100'],
    [true, '100', '40', 0, undefined, 'inconsistent 100,40'],
    [true, undefined, '41', 60, 100, 'inconsistent 100,101'],
    [false, '99', '1', 0, 100, 'inconsistent 100,99'],
  ]
  for (const [complete, uploadLength, contentLength, offset, known, expected] of rows) {
    const read = lengthOfUpload({ complete, uploadLength, contentLength }, offset, known)
    const said = read.kind === 'length' ? ` ${read.length}` : read.kind === 'inconsistent' ? ` ${read.lengths}` : ''
    assert.equal(read.kind + said, expected)
  }
})

test('limits as a dictionary', () => {
  assert.equal(formatUploadLimit({ maxSize: 10, maxAge: 1.5 }), 'max-size=10, max-age=1')
  assert.equal(formatUploadLimit({ maxAge: -3 }), 'max-age=0')
})
