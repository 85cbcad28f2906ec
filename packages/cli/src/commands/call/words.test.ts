import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wordOf } from './words.ts'

describe('a word behind the URL', () => {
  const rows = [
    ['page==2', { kind: 'param', name: 'page', value: '2' }],
    ['q==a=b@c:d', { kind: 'param', name: 'q', value: 'a=b@c:d' }],
    ['amount.gte==5', { kind: 'param', name: 'amount.gte', value: '5' }],
    ['q==', { kind: 'param', name: 'q', value: '' }],
    ['title=Buy milk', { kind: 'member', name: 'title', value: 'Buy milk' }],
    ['time=12:30', { kind: 'member', name: 'time', value: '12:30' }],
    ['mail=a@b.example', { kind: 'member', name: 'mail', value: 'a@b.example' }],
    ['done:=true', { kind: 'member', name: 'done', value: true }],
    ['tags:=["a",{"b":1}]', { kind: 'member', name: 'tags', value: ['a', { b: 1 }] }],
    ['Accept:text/csv;q=1', { kind: 'field', name: 'Accept', value: 'text/csv;q=1' }],
    ['If-Match: "a=b"', { kind: 'field', name: 'If-Match', value: '"a=b"' }],
    ['Accept:', { kind: 'field', name: 'Accept', value: undefined }],
    ['X-Empty;', { kind: 'field', name: 'X-Empty', value: '' }],
    ['photo@a=b.png', { kind: 'part', name: 'photo', path: 'a=b.png' }],
    ['@data.json', { kind: 'content', path: 'data.json' }],
    ['@-', { kind: 'content', path: '-' }],
    ['a\\:b=c', { kind: 'member', name: 'a:b', value: 'c' }],
    ['a\\=b==c', { kind: 'param', name: 'a=b', value: 'c' }],
    ['C\\x=1', { kind: 'member', name: 'C\\x', value: '1' }],
  ] as const
  for (const [text, word] of rows) it(text, () => assert.deepEqual(wordOf(text), word))

  const refused = [
    ['title', /“title” cannot be read/],
    ['=x', /no name before =/],
    ['done:=yes', /What follows done:= is not JSON/],
    ['part@', /names no file/],
    ['a b:c', /is no name of a field/],
  ] as const
  for (const [text, message] of refused) it(`not ${text}`, () => assert.throws(() => wordOf(text), message))
})
