import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linear, processorTime } from './fixtures/processor.ts'
import {
  type Condition,
  evaluatePreconditions,
  guardsWrite,
  hasPrecondition,
  ifMatch,
  ifModifiedSince,
  ifNoneMatch,
  ifRange,
  ifUnmodifiedSince,
  type PreconditionFields,
  type Selected,
} from './precondition.ts'

const modified = Date.UTC(1994, 10, 6, 8, 49, 37)
const now = modified + 86_400_000
const at = 'Sun, 06 Nov 1994 08:49:37 GMT'
const before = 'Sun, 06 Nov 1994 08:49:36 GMT'
const after = 'Sun, 06 Nov 1994 08:49:38 GMT'

const absent: Selected = { kind: 'absent' }
const strong: Selected = { kind: 'present', etag: { strength: 'strong', opaque: 'r7' }, lastModified: modified }
const weak: Selected = { kind: 'present', etag: { strength: 'weak', opaque: 'r7' }, lastModified: modified }
const bare: Selected = { kind: 'present' }
const untagged: Selected = { kind: 'present', lastModified: modified }
const subSecond: Selected = { kind: 'present', lastModified: modified + 999 }
const variant: Selected = { ...strong, alsoCurrent: tag => tag.opaque === 'r7.csv' }

const matches: readonly (readonly [string, string | undefined, Selected, Condition])[] = [
  ['absent', undefined, strong, 'absent'],
  ['the tag', '"r7"', strong, 'true'],
  ['another', '"r8"', strong, 'false'],
  ['in a list', '"r6", "r7"', strong, 'true'],
  ['in a list without spaces', '"r6","r7","r8"', strong, 'true'],
  ['a comma inside a tag', '"r6,", "x,\u00e9"', strong, 'false'],
  ['not a part of another', '"r6,r7"', strong, 'false'],
  ['weak never matches', 'W/"r7"', strong, 'false'],
  ['weak current never matches', '"r7"', weak, 'false'],
  ['both weak never match', 'W/"r7"', weak, 'false'],
  ['* and present', '*', strong, 'true'],
  ['* and present without a tag', '*', bare, 'true'],
  ['* and absent', '*', absent, 'false'],
  ['a tag and absent', '"r7"', absent, 'false'],
  ['a tag and no tag', '"r7"', bare, 'false'],
  ['another representation of the same revision', '"r7.csv"', variant, 'true'],
  ['the same in a list', '"r1", "r7.csv"', variant, 'true'],
  ['a weak tag of another representation', 'W/"r7.csv"', variant, 'false'],
  ['another representation of another revision', '"r6.csv"', variant, 'false'],
  ['no quotes', 'r7', strong, 'malformed'],
  ['quote not closed', '"r7', strong, 'malformed'],
  ['malformed after a match', '"r7", r8', strong, 'malformed'],
  ['lower-case w', 'w/"r7"', strong, 'malformed'],
  ['malformed though absent', 'r7', absent, 'malformed'],
]
for (const [name, field, selected, expected] of matches) {
  test(`If-Match: ${name}`, () => assert.equal(ifMatch(field, selected), expected))
}

const noneMatches: readonly (readonly [string, string | undefined, Selected, Condition])[] = [
  ['absent', undefined, strong, 'absent'],
  ['the tag', '"r7"', strong, 'false'],
  ['another', '"r8"', strong, 'true'],
  ['another of the same length', '"r8"', weak, 'true'],
  ['in a list', '"r6", "r7"', strong, 'false'],
  ['a comma inside a tag', '"a,b", "r7"', strong, 'false'],
  ['weak of strong', 'W/"r7"', strong, 'false'],
  ['strong of weak', '"r7"', weak, 'false'],
  ['weak of weak', 'W/"r7"', weak, 'false'],
  ['weak of weak in a list', 'W/"r6", W/"r7"', weak, 'false'],
  ['* and present', '*', strong, 'false'],
  ['* and absent', '*', absent, 'true'],
  ['a tag and absent', '"r7"', absent, 'true'],
  ['a tag and no tag', '"r7"', bare, 'true'],
  ['another representation is not the same', '"r7.csv"', variant, 'true'],
  ['malformed', 'r7', strong, 'malformed'],
]
for (const [name, field, selected, expected] of noneMatches) {
  test(`If-None-Match: ${name}`, () => assert.equal(ifNoneMatch(field, selected), expected))
}

const dates: readonly (readonly [string, string | undefined, Selected, Condition, Condition])[] = [
  // name, field, selected, modified since, unmodified since
  ['absent', undefined, strong, 'absent', 'absent'],
  ['the same second', at, strong, 'false', 'true'],
  ['a second before', before, strong, 'true', 'false'],
  ['a second after', after, strong, 'false', 'true'],
  ['the same second, when the time is kept in ms', at, subSecond, 'false', 'true'],
  ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', strong, 'false', 'true'],
  ['asctime', 'Sun Nov  6 08:49:37 1994', strong, 'false', 'true'],
  ['unreadable is ignored', 'yesterday', strong, 'absent', 'absent'],
  ['two dates are ignored', `${at}, ${at}`, strong, 'absent', 'absent'],
  ['no modification date', at, bare, 'absent', 'absent'],
  ['nothing selected', at, absent, 'absent', 'absent'],
]
for (const [name, field, selected, since, unmodified] of dates) {
  test(`If-Modified-Since: ${name}`, () => assert.equal(ifModifiedSince(field, selected, now), since))
  test(`If-Unmodified-Since: ${name}`, () => assert.equal(ifUnmodifiedSince(field, selected, now), unmodified))
}

const ranges: readonly (readonly [string, string | undefined, Selected, Condition, number?])[] = [
  ['absent', undefined, strong, 'absent'],
  ['the tag', '"r7"', strong, 'true'],
  ['another', '"r8"', strong, 'false'],
  ['weak never matches', 'W/"r7"', strong, 'false'],
  ['weak current never matches', 'W/"r7"', weak, 'false'],
  ['a list is no tag', '"r7", "r8"', strong, 'false'],
  ['* is no tag', '*', strong, 'false'],
  ['the date', at, strong, 'true'],
  ['the date, when the time is kept in ms', at, subSecond, 'true'],
  ['an earlier date', before, strong, 'false'],
  ['a later date is not the date', after, strong, 'false'],
  ['the date while its second lasts', at, strong, 'false', modified + 999],
  ['the date once its second is over', at, strong, 'true', modified + 1000],
  ['a date and no modification date', at, bare, 'false'],
  ['a tag and no tag', '"r7"', untagged, 'false'],
  ['neither tag nor date', 'r7', strong, 'false'],
  ['nothing selected', '"r7"', absent, 'false'],
]
for (const [name, field, selected, expected, time] of ranges) {
  test(`If-Range: ${name}`, () => assert.equal(ifRange(field, selected, time ?? now), expected))
}

const verdicts: readonly (readonly [string, string, PreconditionFields, Selected, string])[] = [
  // RFC 9110 §13.2.2, step by step
  ['no precondition', 'GET', {}, strong, 'pass honour'],
  ['step 1, true', 'PUT', { ifMatch: '"r7"' }, strong, 'pass ignore'],
  ['step 1, false', 'PUT', { ifMatch: '"r8"' }, strong, 'failed If-Match'],
  ['step 1, false for GET is 412 too', 'GET', { ifMatch: '"r8"' }, strong, 'failed If-Match'],
  ['step 1 before step 2', 'PUT', { ifMatch: '"r7"', ifUnmodifiedSince: before }, strong, 'pass ignore'],
  ['step 2, true', 'DELETE', { ifUnmodifiedSince: at }, strong, 'pass ignore'],
  ['step 2, false', 'DELETE', { ifUnmodifiedSince: before }, strong, 'failed If-Unmodified-Since'],
  ['step 2, unreadable', 'DELETE', { ifUnmodifiedSince: 'soon' }, strong, 'pass ignore'],
  ['step 3 after step 1', 'GET', { ifMatch: '"r7"', ifNoneMatch: '"r7"' }, strong, 'not-modified If-None-Match'],
  ['step 3 after step 2', 'GET', { ifUnmodifiedSince: at, ifNoneMatch: '"r7"' }, strong, 'not-modified If-None-Match'],
  ['step 1 refuses before step 3', 'GET', { ifMatch: '"r8"', ifNoneMatch: '"r7"' }, strong, 'failed If-Match'],
  ['step 3, GET', 'GET', { ifNoneMatch: '"r7"' }, strong, 'not-modified If-None-Match'],
  ['step 3, HEAD', 'HEAD', { ifNoneMatch: 'W/"r7"' }, strong, 'not-modified If-None-Match'],
  ['step 3, PUT', 'PUT', { ifNoneMatch: '"r7"' }, strong, 'failed If-None-Match'],
  ['step 3, PATCH', 'PATCH', { ifNoneMatch: '"r7"' }, strong, 'failed If-None-Match'],
  ['step 3, POST', 'POST', { ifNoneMatch: '*' }, strong, 'failed If-None-Match'],
  ['step 3, QUERY', 'QUERY', { ifNoneMatch: '"r7"' }, strong, 'not-modified If-None-Match'],
  ['step 3, methods are case-sensitive', 'get', { ifNoneMatch: '"r7"' }, strong, 'failed If-None-Match'],
  ['step 3, create', 'PUT', { ifNoneMatch: '*' }, absent, 'pass ignore'],
  ['step 3, create what exists', 'PUT', { ifNoneMatch: '*' }, strong, 'failed If-None-Match'],
  ['step 3, true, skips step 4', 'GET', { ifNoneMatch: '"r8"', ifModifiedSince: after }, strong, 'pass honour'],
  ['step 4, false', 'GET', { ifModifiedSince: at }, strong, 'not-modified If-Modified-Since'],
  ['step 4, HEAD', 'HEAD', { ifModifiedSince: at }, strong, 'not-modified If-Modified-Since'],
  ['step 4, true', 'GET', { ifModifiedSince: before }, strong, 'pass honour'],
  ['step 4, not for PUT', 'PUT', { ifModifiedSince: after }, strong, 'pass ignore'],
  ['step 5, no If-Range', 'GET', { range: 'bytes=0-' }, strong, 'pass honour'],
  ['step 5, true', 'GET', { range: 'bytes=0-', ifRange: '"r7"' }, strong, 'pass honour'],
  ['step 5, false', 'GET', { range: 'bytes=0-', ifRange: '"r8"' }, strong, 'pass ignore'],
  ['step 5, If-Range without Range', 'GET', { ifRange: '"r8"' }, strong, 'pass honour'],
  ['step 5, a range is for GET only', 'HEAD', { range: 'bytes=0-' }, strong, 'pass ignore'],
  ['step 5 after step 1', 'GET', { ifMatch: '"r7"', range: 'bytes=0-', ifRange: '"r7"' }, strong, 'pass honour'],
  // what must be refused, and what asks for nothing
  ['malformed If-Match', 'PUT', { ifMatch: 'r7' }, strong, 'malformed If-Match'],
  ['malformed If-None-Match', 'GET', { ifNoneMatch: 'r7' }, strong, 'malformed If-None-Match'],
  ['OPTIONS selects nothing', 'OPTIONS', { ifMatch: '"r8"', ifNoneMatch: 'r7' }, strong, 'pass ignore'],
  ['the tag of a filtered representation', 'PUT', { ifMatch: '"r7.csv"' }, variant, 'pass ignore'],
]
for (const [name, method, fields, selected, expected] of verdicts) {
  test(`preconditions: ${name}`, () => {
    const verdict = evaluatePreconditions(method, fields, selected, now)
    assert.equal(`${verdict.kind} ${verdict.kind === 'pass' ? verdict.range : verdict.field}`, expected)
  })
}

const guards: readonly (readonly [PreconditionFields, boolean, boolean])[] = [
  [{}, false, false],
  [{ range: 'bytes=0-' }, false, false],
  [{ ifMatch: '*' }, true, true],
  [{ ifNoneMatch: '*' }, true, true],
  [{ ifUnmodifiedSince: at }, true, true],
  [{ ifUnmodifiedSince: 'soon' }, true, false],
  [{ ifModifiedSince: at }, true, false],
  [{ ifRange: '"r7"' }, true, false],
]
for (const [fields, has, guarded] of guards) {
  test(`is conditional, guards a write: ${JSON.stringify(fields)}`, () => {
    assert.equal(hasPrecondition(fields), has)
    assert.equal(guardsWrite(fields, now), guarded)
  })
}

test('lists of tags: as a search for each tag would find', () => {
  const tag = fc.record({ strength: fc.constantFrom('strong', 'weak'), opaque: fc.constantFrom('a', 'b', 'a,b', '') })
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1, maxLength: 5 }), tag, (tags, etag) => {
      const field = tags.map(({ strength, opaque }) => `${strength === 'weak' ? 'W/' : ''}"${opaque}"`).join(', ')
      const selected: Selected = { kind: 'present', etag }
      const alike = tags.filter(({ opaque }) => opaque === etag.opaque)
      const isStrong = etag.strength === 'strong' && alike.some(({ strength }) => strength === 'strong')
      assert.equal(ifMatch(field, selected), isStrong ? 'true' : 'false')
      assert.equal(ifNoneMatch(field, selected), alike.length > 0 ? 'false' : 'true')
    }),
  )
})

test('hostile fields take linear time', () => {
  const started = processorTime()
  for (const unit of ['"a",', '"', ',', ' ', 'W/', '"a" ', ', ,']) {
    const field = unit.repeat(100_000)
    const fields = { ifMatch: field, ifNoneMatch: field, range: 'bytes=0-', ifRange: field }
    evaluatePreconditions('GET', fields, strong, now)
    ifNoneMatch(field, strong)
    ifRange(field, strong, now)
    ifModifiedSince(field, strong, now)
  }
  assert.ok(processorTime() - started < linear)
})
