import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatContentDisposition, parseContentDisposition } from './content-disposition.ts'

test('what a Content-Disposition says', () => {
  const rows: [string, { type: string; filename?: string; name?: string } | undefined][] = [
    ['inline', { type: 'inline' }],
    ['ATTACHMENT', { type: 'attachment' }],
    ['attachment; filename="a.pdf"', { type: 'attachment', filename: 'a.pdf' }],
    ['attachment; filename=a.pdf', { type: 'attachment', filename: 'a.pdf' }],
    ['attachment;FILENAME = "a.pdf" ;', { type: 'attachment', filename: 'a.pdf' }],
    ['attachment; filename="a \\"b\\".pdf"', { type: 'attachment', filename: 'a "b".pdf' }],
    ['attachment; filename="a;b.pdf"', { type: 'attachment', filename: 'a;b.pdf' }],
    ['attachment; filename=""', { type: 'attachment', filename: '' }],
    // RFC 6266 §4.3: the extended one wins, wherever it stands; where it cannot be read, the other one is there.
    ['attachment; filename="e.txt"; filename*=UTF-8\'\'%C3%A9.txt', { type: 'attachment', filename: 'é.txt' }],
    ["attachment; filename*=utf-8'de'%c3%a9.txt; filename=e.txt", { type: 'attachment', filename: 'é.txt' }],
    ["attachment; filename*=UTF-8''%E9.txt; filename=e.txt", { type: 'attachment', filename: 'e.txt' }],
    ["attachment; filename*=KOI8-R''%C1; filename=e.txt", { type: 'attachment', filename: 'e.txt' }],
    ["attachment; filename*=UTF-8''a%2; filename=e.txt", { type: 'attachment', filename: 'e.txt' }],
    ["attachment; filename*=UTF-8''..%2F..%2Fpasswd", { type: 'attachment', filename: '../../passwd' }],
    ['attachment; filename*="UTF-8\'\'x"', { type: 'attachment', filename: 'x' }],
    ['form-data; name="file"; filename="x.png"', { type: 'form-data', name: 'file', filename: 'x.png' }],
    ['attachment; filename=a; filename=b', { type: 'attachment', filename: 'a' }],
    ['attachment; size=3; filename=a', { type: 'attachment', filename: 'a' }],
    ['', undefined],
    ['; filename=a', undefined],
    ['"attachment"', undefined],
    ['attachment; filename="a', undefined],
    ['attachment; filename="a"b', undefined],
    ['attachment; filename', undefined],
  ]
  for (const [field, said] of rows) assert.deepEqual(parseContentDisposition(field), said, field)
})

test('a name as a field', () => {
  const rows: [string, string][] = [
    ['report.pdf', 'attachment; filename="report.pdf"'],
    ['my report.pdf', 'attachment; filename="my report.pdf"'],
    ['a "b".pdf', 'attachment; filename="a \\"b\\".pdf"'],
    ['a;b,c.pdf', 'attachment; filename="a;b,c.pdf"'],
    ['résumé.pdf', 'attachment; filename="resume.pdf"; filename*=UTF-8\'\'r%C3%A9sum%C3%A9.pdf'],
    ['отчёт.pdf', 'attachment; filename="_____.pdf"; filename*=UTF-8\'\'%D0%BE%D1%82%D1%87%D1%91%D1%82.pdf'],
    ['🎉.txt', 'attachment; filename="_.txt"; filename*=UTF-8\'\'%F0%9F%8E%89.txt'],
    ['50%.txt', 'attachment; filename="50_.txt"; filename*=UTF-8\'\'50%25.txt'],
    ['a\\b', 'attachment; filename="a_b"; filename*=UTF-8\'\'a%5Cb'],
    ["it's (1)*.txt", 'attachment; filename="it\'s (1)*.txt"'],
    ["é'(*)", "attachment; filename=\"e'(*)\"; filename*=UTF-8''%C3%A9%27%28%2A%29"],
    ['a\r\nset-cookie: b', 'attachment; filename="a  set-cookie: b"'],
  ]
  for (const [filename, field] of rows) {
    assert.equal(formatContentDisposition({ type: 'attachment', filename }), field)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
    const read = filename.replace(/[\x00-\x1f]/g, ' ')
    assert.equal(parseContentDisposition(field)?.filename, read)
  }
  assert.equal(formatContentDisposition({ type: 'inline' }), 'inline')
})
