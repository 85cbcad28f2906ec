import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { quoteWord } from './curl.ts'

const words: readonly [word: string, quoted: string][] = [
  ['http://127.0.0.1:3000/accounts', 'http://127.0.0.1:3000/accounts'],
  ['http://127.0.0.1:3000/accounts?limit=3&sort=-id', "'http://127.0.0.1:3000/accounts?limit=3&sort=-id'"],
  ['If-Match: "4q-json"', `'If-Match: "4q-json"'`],
  ["it's $HOME `id` \\", "'it'\\''s $HOME `id` \\'"],
  ['*', "'*'"],
]

for (const [word, quoted] of words)
  test(`a shell reads ${quoted} as one word`, { skip: process.platform === 'win32' && 'no POSIX shell' }, () => {
    assert.equal(quoteWord(word), quoted)
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' }), word)
  })
