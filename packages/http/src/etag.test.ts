import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EntityTag, formatEntityTag, isSameTag, parseEntityTag, parseEntityTags } from './etag.ts'
import { linear, processorTime } from './fixtures/processor.ts'

const strong = (opaque: string): EntityTag => ({ strength: 'strong', opaque })
const weak = (opaque: string): EntityTag => ({ strength: 'weak', opaque })

const single: readonly (readonly [name: string, text: string, tag: EntityTag | undefined])[] = [
  ['strong', '"xyzzy"', strong('xyzzy')],
  ['weak', 'W/"xyzzy"', weak('xyzzy')],
  ['empty', '""', strong('')],
  ['weak and empty', 'W/""', weak('')],
  ['space around', ' "a"\t', strong('a')],
  ['comma inside', '"a,b"', strong('a,b')],
  ['backslash is a character like any other', '"a\\"', strong('a\\')],
  ['all the punctuation', '"!#$%&\'()*+,-./:;<=>?@[]^_`{|}~"', strong("!#$%&'()*+,-./:;<=>?@[]^_`{|}~")],
  ['beyond ASCII', '"é"', strong('é')],
  ['W in lower case', 'w/"a"', undefined],
  ['no quotes', 'a', undefined],
  ['no closing quote', '"a', undefined],
  ['no opening quote', 'a"', undefined],
  ['quote inside', '"a"b"', undefined],
  ['space inside', '"a b"', undefined],
  ['control inside', '"a\u0001"', undefined],
  ['delete inside', '"a\u007f"', undefined],
  ['space after W/', 'W/ "a"', undefined],
  ['two tags', '"a", "b"', undefined],
  ['star', '*', undefined],
  ['nothing', '', undefined],
]

test('one entity tag is read', () => {
  for (const [name, text, tag] of single) assert.deepEqual(parseEntityTag(text), tag, name)
})

test('what is written reads as the same', () => {
  for (const tag of [strong('a'), weak('a'), strong(''), weak('a,b')]) {
    assert.deepEqual(parseEntityTag(formatEntityTag(tag)), tag)
  }
  assert.equal(formatEntityTag(weak('1')), 'W/"1"')
  assert.equal(formatEntityTag(strong('1')), '"1"')
})

const lists: readonly (readonly [name: string, text: string, tags: readonly EntityTag[] | '*' | undefined])[] = [
  ['star', '*', '*'],
  ['star with space', ' * ', '*'],
  ['one', '"a"', [strong('a')]],
  ['three', '"a", W/"b","c"', [strong('a'), weak('b'), strong('c')]],
  ['commas inside quotes', '"a,b", "c,,d"', [strong('a,b'), strong('c,,d')]],
  ['a tag that looks like two', '"a\\", "b"', [strong('a\\'), strong('b')]],
  ['empty members', ',, "a" ,\t, "b", ', [strong('a'), strong('b')]],
  ['nothing', '', []],
  ['only commas', ' , , ', []],
  ['star in quotes is a tag', '"*"', [strong('*')]],
  ['no comma between', '"a" "b"', undefined],
  ['no space or comma between', '"a""b"', undefined],
  ['star beside a tag', '"a", *', undefined],
  ['star first', '*, "a"', undefined],
  ['one bad member spoils all', '"a", b', undefined],
  ['unclosed last', '"a", "b', undefined],
  ['W in lower case', '"a", w/"b"', undefined],
]

test('a list of entity tags is read', () => {
  for (const [name, text, tags] of lists) assert.deepEqual(parseEntityTags(text), tags, name)
})

test('a long list is read in linear time', () => {
  const text = `${'"a",'.repeat(20_000)} ${' '.repeat(20_000)}x`
  const start = processorTime()
  assert.equal(parseEntityTags(text), undefined)
  assert.ok(processorTime() - start < linear)
})

// The table of RFC 9110 §8.8.3.2.
const comparisons: readonly (readonly [a: EntityTag, b: EntityTag, strong: boolean, weak: boolean])[] = [
  [weak('1'), weak('1'), false, true],
  [weak('1'), weak('2'), false, false],
  [weak('1'), strong('1'), false, true],
  [strong('1'), weak('1'), false, true],
  [strong('1'), strong('1'), true, true],
  [strong('a'), strong('A'), false, false],
]

test('tags are compared strongly and weakly', () => {
  for (const [a, b, isStrongMatch, isWeakMatch] of comparisons) {
    const name = `${formatEntityTag(a)} and ${formatEntityTag(b)}`
    assert.equal(isSameTag(a, b, 'strong'), isStrongMatch, name)
    assert.equal(isSameTag(a, b, 'weak'), isWeakMatch, name)
  }
})
