import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  type BareItem,
  type Dictionary,
  formatDictionary,
  formatItem,
  formatList,
  type InnerList,
  type Item,
  isInnerList,
  type List,
  type Parameters,
  parseDictionary,
  parseItem,
  parseList,
} from '../../packages/http/src/structured.ts'

type BareJson = number | string | boolean | { readonly __type: string; readonly value: string | number }
type ParametersJson = readonly (readonly [string, BareJson])[]
type MemberJson = readonly [BareJson | readonly MemberJson[], ParametersJson]
type Vector = {
  readonly name: string
  readonly header_type: 'item' | 'list' | 'dictionary'
  readonly raw: readonly string[]
  readonly expected?: unknown
  readonly must_fail?: boolean
  readonly can_fail?: boolean
  readonly canonical?: readonly string[]
}
type Value = Item | List | Dictionary

const folder = new URL('../../../shared/corpora/structured-fields/', import.meta.url)
const options = { skip: existsSync(folder) ? false : 'corpora not present' }

function vectorsOf(directory: URL): readonly (readonly [string, Vector])[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter(name => name.endsWith('.json'))
    .flatMap(file => JSON.parse(readFileSync(new URL(file, directory), 'utf8')).map((vector: Vector) => [file, vector]))
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('')
  const digits = (bits.match(/.{1,5}/g) ?? []).map(
    five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five.padEnd(5, '0'), 2)],
  )
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=')
}

function bytesOf(text: string): Uint8Array {
  const bits = Array.from(text.replace(/=+$/, ''), digit =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'),
  ).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], eight => parseInt(eight, 2))
}

function bareJson(value: BareItem): BareJson {
  if (typeof value !== 'object') return value
  switch (value.kind) {
    case 'decimal':
      return value.value
    case 'token':
      return { __type: 'token', value: value.text }
    case 'bytes':
      return { __type: 'binary', value: base32(value.bytes) }
    case 'date':
      return { __type: 'date', value: value.seconds }
    case 'display':
      return { __type: 'displaystring', value: value.text }
  }
}

function memberJson(member: Item | InnerList): MemberJson {
  const parameters = Array.from(member[1], ([key, value]) => [key, bareJson(value)] as const)
  return isInnerList(member) ? [member[0].map(memberJson), parameters] : [bareJson(member[0]), parameters]
}

function bareItem(json: BareJson): BareItem {
  if (typeof json !== 'object') return json
  switch (json.__type) {
    case 'token':
      return { kind: 'token', text: String(json.value) }
    case 'binary':
      return { kind: 'bytes', bytes: bytesOf(String(json.value)) }
    case 'date':
      return { kind: 'date', seconds: Number(json.value) }
    default:
      return { kind: 'display', text: String(json.value) }
  }
}

function memberOf(json: MemberJson): Item | InnerList {
  const parameters: Parameters = new Map(json[1].map(([key, value]) => [key, bareItem(value)]))
  const [value] = json
  return Array.isArray(value)
    ? [value.map(item => memberOf(item) as Item), parameters]
    : [bareItem(value as BareJson), parameters]
}

const kinds = {
  item: {
    parse: parseItem as (text: string) => Value | undefined,
    format: (value: Value) => formatItem(value as Item),
    toJson: (value: Value): unknown => memberJson(value as Item),
    fromJson: (json: unknown): Value => memberOf(json as MemberJson) as Item,
  },
  list: {
    parse: parseList as (text: string) => Value | undefined,
    format: (value: Value) => formatList(value as List),
    toJson: (value: Value): unknown => (value as List).map(memberJson),
    fromJson: (json: unknown): Value => (json as readonly MemberJson[]).map(memberOf),
  },
  dictionary: {
    parse: parseDictionary as (text: string) => Value | undefined,
    format: (value: Value) => formatDictionary(value as Dictionary),
    toJson: (value: Value): unknown => Array.from(value as Dictionary, ([key, member]) => [key, memberJson(member)]),
    fromJson: (json: unknown): Value =>
      new Map((json as readonly (readonly [string, MemberJson])[]).map(([key, member]) => [key, memberOf(member)])),
  },
}

test('structured fields are read, and written back in canonical form', options, () => {
  const vectors = vectorsOf(folder)
  assert.ok(vectors.length > 1500, `${vectors.length} vectors`)
  for (const [file, vector] of vectors) {
    const kind = kinds[vector.header_type]
    const name = `${file}: ${vector.name}`
    const value = kind.parse(vector.raw.join(', '))
    if (vector.must_fail === true) {
      assert.equal(value, undefined, name)
    } else if (value === undefined) {
      assert.equal(vector.can_fail, true, name)
    } else {
      // A vector writes -0 where the value is 0.
      assert.deepEqual(
        JSON.parse(JSON.stringify(kind.toJson(value))),
        JSON.parse(JSON.stringify(vector.expected)),
        name,
      )
      assert.equal(kind.format(value), (vector.canonical ?? vector.raw).join(', '), name)
    }
  }
})

test('structured fields are written, and refused where they have no form', options, () => {
  const vectors = vectorsOf(new URL('serialisation/', folder))
  assert.ok(vectors.length > 500, `${vectors.length} vectors`)
  for (const [file, vector] of vectors) {
    const kind = kinds[vector.header_type]
    const text = kind.format(kind.fromJson(vector.expected))
    assert.equal(text, vector.must_fail === true ? undefined : vector.canonical?.join(', '), `${file}: ${vector.name}`)
  }
})
