import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { targetOf } from './target.ts'

describe('the URL of a word', () => {
  const rows = [
    [':3000/todos', 'http://localhost:3000/todos'],
    [':3000', 'http://localhost:3000'],
    [':/x', 'http://localhost/x'],
    ['localhost:3000/a?b=c', 'http://localhost:3000/a?b=c'],
    ['127.0.0.1:80', 'http://127.0.0.1:80'],
    ['[::1]:3000/x', 'http://[::1]:3000/x'],
    ['api.localhost/x', 'http://api.localhost/x'],
    ['localhostess.example', 'https://localhostess.example'],
    ['api.example', 'https://api.example'],
    ['api.example:8443/x', 'https://api.example:8443/x'],
    ['//api.example/x', 'https://api.example/x'],
    ['http://api.example/x', 'http://api.example/x'],
    ['HTTPS://api.example', 'HTTPS://api.example'],
  ] as const
  for (const [word, url] of rows) it(word, () => assert.deepEqual(targetOf(word), { url, user: undefined }))

  const based = [
    ['/accounts', 'https://bank.example/v1/accounts'],
    ['', 'https://bank.example/v1'],
    ['?x=1', 'https://bank.example/v1?x=1'],
    [':3000/x', 'http://localhost:3000/x'],
    ['other.example', 'https://other.example'],
  ] as const
  for (const [word, url] of based)
    it(`“${word}” behind a base`, () => assert.equal(targetOf(word, 'https://bank.example/v1').url, url))

  it('leaves user and password out', () =>
    assert.deepEqual(targetOf('https://ann:p%40ss@api.example/x'), {
      url: 'https://api.example/x',
      user: { username: 'ann', password: 'p@ss' },
    }))

  const refused = [
    ['/x', /is a path without a server/],
    ['3000/x', /names no host/],
    ['ftp://x/', /only http: and https: can be asked/],
    ['https://', /is no URL/],
    ['a b', /is no URL/],
  ] as const
  for (const [word, message] of refused) it(`not ${word}`, () => assert.throws(() => targetOf(word), message))
})
