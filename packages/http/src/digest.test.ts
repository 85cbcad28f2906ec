import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDigests, type HashAlgorithm, parseDigests, parseWantedDigest } from './digest.ts'

const short = `:${btoa('s'.repeat(32))}:`
const long = `:${btoa('l'.repeat(64))}:`

const fields: readonly (readonly [name: string, field: string | undefined, expected: string])[] = [
  ['absent', undefined, 'absent'],
  ['one', `sha-256=${short}`, 'sha-256'],
  ['both', `sha-256=${short}, sha-512=${long}`, 'sha-256 sha-512'],
  ['with parameters', `sha-512=${long};a=1`, 'sha-512'],
  ['another beside it', `md5=:AAAA:, sha-256=${short}, unixsum=7`, 'sha-256'],
  ['only others', 'md5=:AAAA:, crc32c=:AAAA:', 'absent'],
  ['of two alike the last counts', `sha-256=:AAAA:, sha-256=${short}`, 'sha-256'],
  ['too short', 'sha-256=:AAAA:', 'malformed'],
  ['too long', `sha-256=${long}`, 'malformed'],
  ['a string', 'sha-256="abc"', 'malformed'],
  ['a list', `sha-256=(${short})`, 'malformed'],
  ['a flag', 'sha-256', 'malformed'],
  ['as RFC 3230 had it', 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=', 'malformed'],
  ['no Base64', 'sha-256=:*:', 'malformed'],
  ['empty', '', 'malformed'],
]

for (const [name, field, expected] of fields)
  test(`digests: ${name}`, () => {
    const read = parseDigests(field)
    assert.equal(read.kind === 'digests' ? [...read.digests.keys()].join(' ') : read.kind, expected)
  })

test('digests: written and read', () => {
  const digests = new Map<HashAlgorithm, Uint8Array>([['sha-256', new TextEncoder().encode('s'.repeat(32))]])
  assert.equal(formatDigests(digests), `sha-256=${short}`)
  assert.deepEqual(parseDigests(formatDigests(digests)), { kind: 'digests', digests })
})

const wanted: readonly (readonly [name: string, field: string | undefined, expected: HashAlgorithm | undefined])[] = [
  ['absent', undefined, undefined],
  ['one', 'sha-256=1', 'sha-256'],
  ['the greater weight', 'sha-256=3, sha-512=10', 'sha-512'],
  ['alike', 'sha-512=5, sha-256=5', 'sha-256'],
  ['alike, the other way', 'sha-256=5, sha-512=5', 'sha-256'],
  ['refused', 'sha-256=0', undefined],
  ['one refused', 'sha-256=0, sha-512=1', 'sha-512'],
  ['none that is known', 'md5=10, unixsum=1', undefined],
  ['beyond the scale', 'sha-256=11, sha-512=1', 'sha-512'],
  ['below the scale', 'sha-256=-1', undefined],
  ['no number', 'sha-256, sha-512="9"', undefined],
  ['a decimal', 'sha-256=1.5', undefined],
  ['malformed', 'sha-256=1,,', undefined],
]

for (const [name, field, expected] of wanted)
  test(`wanted digest: ${name}`, () => assert.equal(parseWantedDigest(field), expected))
