import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Problem, parseProblem, problemKinds } from './problem.ts'
import { statuses } from './status.ts'

const expected: Readonly<Record<number, string>> = {
  400: 'credentials-malformed sign-in-expired malformed-request malformed-uri partial-put preference-unsupported invalid-query malformed-content undecodable-content invalid-content idempotency-key-required idempotency-key-invalid change-token-invalid invalid-precondition invalid-digest digest-mismatch file-name-invalid inconsistent-upload-length completed-upload',
  401: 'authentication-required credentials-invalid',
  402: 'quota-exhausted',
  403: 'forbidden insufficient-scope cross-origin-refused',
  404: 'no-such-resource version-unknown not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable coding-not-acceptable',
  407: 'proxy-authentication-required',
  408: 'request-timeout',
  409: 'idempotency-key-in-use conflict already-exists patch-test-failed still-referenced mismatching-upload-offset',
  410: 'version-retired gone change-token-expired',
  411: 'length-required',
  412: 'precondition-failed',
  413: 'content-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type media-type-mismatch unsupported-content-coding unsupported-content-language',
  416: 'range-not-satisfiable',
  417: 'expectation-failed',
  421: 'misdirected-request',
  422: 'idempotency-key-reused rule-refused too-many-files',
  423: 'locked',
  424: 'failed-dependency',
  425: 'too-early',
  426: 'upgrade-required',
  428: 'precondition-required',
  429: 'rate-limited too-many-sign-ins',
  431: 'header-fields-too-large',
  451: 'unavailable-for-legal-reasons',
  500: 'internal-error job-interrupted',
  501: 'method-not-implemented transfer-coding-not-implemented',
  502: 'bad-gateway',
  503: 'service-unavailable overloaded maintenance read-only-mode',
  504: 'upstream-timeout',
  505: 'http-version-not-supported',
  507: 'insufficient-storage',
  508: 'loop-detected',
  511: 'network-authentication-required',
}

test('every kind is there with its status, and no other', () => {
  const codes = Object.values(expected).flatMap(line => line.split(' '))
  assert.deepEqual([...problemKinds.keys()].sort(), codes.sort())
  for (const [status, line] of Object.entries(expected)) {
    for (const code of line.split(' ')) assert.equal(problemKinds.get(code)?.status, Number(status), code)
  }
})

test('rows are complete', () => {
  for (const [code, kind] of problemKinds) {
    assert.equal(kind.code, code)
    assert.match(code, /^[a-z]+(-[a-z]+)*$/)
    assert.equal(statuses.get(kind.status)?.registered, true, code)
    assert.match(kind.title, /^[A-Z]/, code)
    assert.match(kind.source, /^(RFC \d+|draft-ietf-[a-z0-9-]+) §\d/, code)
    for (const text of [kind.explanation, kind.cure, ...Object.values(kind.messages)]) assert.match(text, /\.$/, code)
  }
})

test('messages are in their own language', () => {
  for (const [code, { messages }] of problemKinds) {
    assert.match(messages.en, /^[A-Za-z ,.'’-]+$/, code)
    assert.match(messages.ru, /[а-яё]{3}/, code)
    assert.doesNotMatch(messages.ru.replace('cookie', ''), /[A-Za-z]/, code)
    assert.match(messages.vi, /[ạảãàáâậầấẩẫăắằặẳẵóòọõỏôộổỗồốơờớợởỡéèẻẹẽêếềệểễúùụủũưựữửừứíìịỉĩýỳỷỵỹđ]/, code)
    assert.doesNotMatch(messages.vi, /[а-яё]/, code)
  }
})

test('no two kinds say the same to everyone', () => {
  for (const language of ['en', 'ru', 'vi'] as const) {
    const texts = [...problemKinds.values()].map(kind => kind.messages[language])
    const twice = texts.filter((text, index) => texts.indexOf(text) !== index)
    assert.deepEqual(twice, [], language)
  }
})

const blank = { type: 'about:blank', title: '', status: 0 }
const rows: readonly (readonly [name: string, json: string, problem: Problem | undefined])[] = [
  [
    'all members',
    '{"type":"/problems/gone","title":"Gone","status":410,"detail":"d","code":"gone","userMessage":"u","instance":"/i"}',
    {
      type: '/problems/gone',
      title: 'Gone',
      status: 410,
      detail: 'd',
      code: 'gone',
      userMessage: 'u',
      instance: '/i',
    },
  ],
  ['nothing', '{}', blank],
  ['status as text is ignored', '{"status":"404"}', blank],
  ['a status out of range is ignored', '{"status":700}', blank],
  ['members of the wrong type are ignored', '{"type":1,"title":[],"detail":{},"instance":null,"code":5}', blank],
  ['extensions are kept', '{"balance":30,"accounts":["/a"]}', { ...blank, balance: 30, accounts: ['/a'] }],
  [
    'errors',
    '{"errors":[{"pointer":"/a","detail":"no"},{"detail":"no","parameter":3},{"pointer":"/b"},"x",null]}',
    { ...blank, errors: [{ pointer: '/a', detail: 'no' }, { detail: 'no' }] },
  ],
  ['errors that are no list', '{"errors":{"a":["no"]}}', blank],
  ['a list', '[]', undefined],
  ['a text', '"oops"', undefined],
  ['null', 'null', undefined],
]

test('problems are read leniently', () => {
  for (const [name, json, problem] of rows) assert.deepEqual(parseProblem(JSON.parse(json)), problem, name)
  assert.equal(parseProblem(undefined), undefined)
})

test('__proto__ in a problem does nothing', () => {
  const problem = parseProblem(JSON.parse('{"__proto__":{"code":"x"},"errors":[{"detail":"d","__proto__":{"a":1}}]}'))
  assert.deepEqual(problem, { ...blank, errors: [{ detail: 'd' }] })
  assert.equal(Object.hasOwn(problem ?? {}, '__proto__'), false)
  assert.equal('code' in (problem ?? {}), false)
})
