import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatBytes, formatCount, formatMs, formatSpan } from './amounts.ts'
import { type Drawn, drawBar } from './draw-bar.ts'

const file = { name: 'a.iso', unit: 'bytes', value: 0, total: 100, speed: 0, eta: undefined, words: '' } as const

describe('a line of progress', () => {
  const rows: readonly (readonly [string, Partial<Drawn>, number, string])[] = [
    ['nothing yet', {}, 80, 'a.iso [>-----------------------------]   0 % 0 B of 100 B'],
    [
      'size, speed and what is left',
      { value: 45e6, total: 1e8, speed: 3.2e6, eta: 17.2 },
      80,
      'a.iso [=========>------------]  45 % 45.0 MB of 100.0 MB  3.2 MB/s  18 s left',
    ],
    [
      'never 100 before the end',
      { value: 999, total: 1000 },
      80,
      'a.iso [=============================>]  99 % 999 B of 1.0 kB',
    ],
    ['the end', { value: 100, words: 'checked' }, 80, 'a.iso [==============================] 100 % 100 B  checked'],
    ['no total', { value: 1234, total: undefined, speed: 20 }, 80, 'a.iso 1.2 kB  20 B/s'],
    ['an empty file', { total: 0, words: 'saved' }, 80, 'a.iso [==============================] 100 % 0 B  saved'],
    [
      'things',
      { unit: 'rows', name: 'x', value: 1200, total: 3000, speed: 4.25, eta: 424 },
      80,
      'x [===========>-----------------]  40 % 1,200 of 3,000 rows  4.3/s  7:04 left',
    ],
    ['a narrow terminal', { value: 5, name: 'a-name-that-is-long.iso' }, 30, 'a-name-th…   5 % 5 B of 100 B'],
    ['a name that would move the cursor', { name: 'a\u001b[2Jb', words: 'x', total: undefined }, 80, 'ab 0 B  x'],
  ]
  for (const [name, drawn, columns, line] of rows)
    it(name, () => {
      const text = drawBar({ ...file, ...drawn }, columns)
      assert.equal(text, line)
      assert.ok(text.length < columns)
    })
})

describe('amounts', () => {
  const rows = [
    [formatBytes(0), '0 B'],
    [formatBytes(999), '999 B'],
    [formatBytes(1000), '1.0 kB'],
    [formatBytes(999_960), '1.0 MB'],
    [formatBytes(5e15), '5000.0 TB'],
    [formatCount(1, 'row'), '1 row'],
    [formatCount(1234, 'row'), '1,234 rows'],
    [formatCount(2, 'entry', 'entries'), '2 entries'],
    [formatSpan(0), '0 s'],
    [formatSpan(59.2), '1:00'],
    [formatSpan(3765), '1:02:45'],
    [formatMs(0.421), '0.42 ms'],
    [formatMs(12.34), '12.3 ms'],
    [formatMs(1204), '1,204 ms'],
    [formatMs(12_500), '12.5 s'],
  ] as const
  for (const [text, expected] of rows) it(expected, () => assert.equal(text, expected))
})
