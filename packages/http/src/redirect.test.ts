import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextRequest, type RedirectableRequest, type RedirectOptions, type RedirectStop } from './redirect.ts'

function ask(
  method: string,
  url: string,
  fields: Record<string, string> = {},
  more: Partial<RedirectableRequest> = {},
) {
  const hasContent = ['POST', 'PUT', 'PATCH', 'QUERY'].includes(method)
  return { method, url, fields, hasContent, ...more }
}

const methods: readonly (readonly [
  status: number,
  before: string,
  after: string,
  content: 'kept' | 'dropped' | 'none',
])[] = [
  [301, 'GET', 'GET', 'none'],
  [301, 'HEAD', 'HEAD', 'none'],
  [301, 'POST', 'GET', 'dropped'],
  [301, 'PUT', 'PUT', 'kept'],
  [301, 'DELETE', 'DELETE', 'none'],
  [301, 'QUERY', 'QUERY', 'kept'],
  [302, 'POST', 'GET', 'dropped'],
  [302, 'PATCH', 'PATCH', 'kept'],
  [303, 'GET', 'GET', 'none'],
  [303, 'HEAD', 'HEAD', 'none'],
  [303, 'POST', 'GET', 'dropped'],
  [303, 'PUT', 'GET', 'dropped'],
  [303, 'DELETE', 'GET', 'none'],
  [303, 'QUERY', 'GET', 'dropped'],
  [307, 'POST', 'POST', 'kept'],
  [307, 'GET', 'GET', 'none'],
  [308, 'POST', 'POST', 'kept'],
  [308, 'PATCH', 'PATCH', 'kept'],
]
for (const [status, before, after, content] of methods) {
  test(`${status} makes ${before} ${after}, content ${content}`, () => {
    const next = nextRequest(ask(before, 'https://a.example/x'), { status, location: '/y' }, [])
    assert.ok(next.kind === 'follow')
    assert.equal(next.request.method, after)
    assert.equal(next.request.hasContent, content === 'kept')
    assert.equal(next.dropped.includes('content'), content === 'dropped')
    assert.equal(next.permanent, status === 301 || status === 308)
  })
}

const targets: readonly (readonly [name: string, from: string, location: string, to: string])[] = [
  ['absolute', 'https://a.example/x', 'https://b.example/y', 'https://b.example/y'],
  ['path', 'https://a.example/x/y?z', '/q', 'https://a.example/q'],
  ['relative', 'https://a.example/x/y', 'z', 'https://a.example/x/z'],
  ['query alone', 'https://a.example/x', '?p=2', 'https://a.example/x?p=2'],
  ['without scheme', 'https://a.example/x', '//b.example/y', 'https://b.example/y'],
  ['the fragment is inherited', 'https://a.example/x#part', '/y', 'https://a.example/y#part'],
  ['unless there is one', 'https://a.example/x#part', '/y#other', 'https://a.example/y#other'],
  ['user information is taken out', 'https://a.example/x', 'https://me:pw@a.example/y', 'https://a.example/y'],
  ['http to https', 'http://a.example/x', 'https://a.example/x', 'https://a.example/x'],
]
for (const [name, from, location, to] of targets) {
  test(`target: ${name}`, () => {
    const next = nextRequest(ask('GET', from), { status: 302, location }, [])
    assert.ok(next.kind === 'follow')
    assert.equal(next.request.url, to)
  })
}

const https = 'https://a.example/x'
type StopRow = readonly [
  name: string,
  request: RedirectableRequest,
  status: number,
  location: string | undefined,
  hops: readonly string[],
  why: RedirectStop,
]
const stops: readonly StopRow[] = [
  ['200', ask('GET', https), 200, '/y', [], 'not-a-redirect'],
  ['201 has a Location too', ask('POST', https), 201, '/y', [], 'not-a-redirect'],
  ['300 leaves the choice', ask('GET', https), 300, '/y', [], 'not-a-redirect'],
  ['304', ask('GET', https), 304, '/y', [], 'not-a-redirect'],
  ['305', ask('GET', https), 305, '/y', [], 'not-a-redirect'],
  ['no Location', ask('GET', https), 302, undefined, [], 'location-absent'],
  ['unreadable Location', ask('GET', https), 302, 'https://', [], 'location-invalid'],
  ['file', ask('GET', https), 302, 'file:///etc/passwd', [], 'scheme-refused'],
  ['javascript', ask('GET', https), 302, 'javascript:alert(1)', [], 'scheme-refused'],
  ['data', ask('GET', https), 302, 'data:,x', [], 'scheme-refused'],
  ['to itself', ask('GET', https), 302, '/x', [], 'loop'],
  ['to itself but for the fragment', ask('GET', https), 302, '/x#y', [], 'loop'],
  ['to an earlier one', ask('GET', https), 302, '/w', ['GET https://a.example/w'], 'loop'],
  ['the sixth', ask('GET', https), 302, '/y', ['a', 'b', 'c', 'd', 'e'], 'too-many'],
  ['credentials to http', ask('GET', https, { authorization: 'x' }), 302, 'http://a.example/', [], 'downgrade-refused'],
  ['a cookie to http', ask('GET', https, { cookie: 'x' }), 302, 'http://a.example/', [], 'downgrade-refused'],
  ['content to http', ask('POST', https), 307, 'http://a.example/', [], 'downgrade-refused'],
  ['a stream that is spent', ask('POST', https, {}, { contentReplayable: false }), 307, '/y', [], 'content-spent'],
  ['content to another origin', ask('POST', https), 307, 'https://b.example/', [], 'content-to-other-origin'],
  ['content to another port', ask('PUT', https), 308, 'https://a.example:8443/', [], 'content-to-other-origin'],
]
for (const [name, request, status, location, hops, why] of stops) {
  test(`stop: ${name}`, () => {
    assert.deepEqual(nextRequest(request, { status, location }, hops), { kind: 'stop', why })
  })
}

type FieldRow = readonly [
  name: string,
  method: string,
  status: number,
  location: string,
  fields: Record<string, string>,
  kept: readonly string[],
  options?: RedirectOptions,
]
const credentials = { authorization: 'a', cookie: 'b', 'proxy-authorization': 'c', 'x-api-key': 'd', accept: 'e' }
const content = {
  'content-type': 'a',
  'content-length': '1',
  'content-encoding': 'c',
  'idempotency-key': 'd',
  accept: 'e',
}
const conditions = { 'if-match': '"a"', 'if-none-match': '"b"', range: 'bytes=0-', 'if-range': '"c"', prefer: 'x' }
const kept: readonly FieldRow[] = [
  ['credentials stay on the origin', 'GET', 302, '/y', credentials, Object.keys(credentials)],
  ['credentials leave no origin', 'GET', 302, 'https://b.example/', credentials, ['accept']],
  ['another port is another origin', 'GET', 302, 'https://a.example:8443/', credentials, ['accept']],
  ['a subdomain is another origin', 'GET', 302, 'https://www.a.example/', credentials, ['accept']],
  [
    'secrets of the caller',
    'GET',
    302,
    'https://b.example/',
    { 'x-mine': 'a', accept: 'b' },
    ['accept'],
    { secretFields: ['x-mine'] },
  ],
  ['content fields go with the content', 'POST', 303, '/y', content, ['accept']],
  ['content fields stay with the content', 'POST', 307, '/y', content, Object.keys(content)],
  [
    'content may be let go',
    'PUT',
    307,
    'https://b.example/',
    content,
    Object.keys(content),
    { contentToOtherOrigin: 'send' },
  ],
  ['conditions guard the write still', 'PUT', 308, '/y', conditions, Object.keys(conditions)],
  ['conditions are not about what 303 points to', 'GET', 303, '/y', conditions, ['prefer']],
  [
    'fields of the connection',
    'GET',
    302,
    '/y',
    { host: 'a', connection: 'x-hop', 'x-hop': 'b', te: 'c', accept: 'd' },
    ['accept'],
  ],
]
for (const [name, method, status, location, fields, names, options] of kept) {
  test(`fields: ${name}`, () => {
    const next = nextRequest(ask(method, https, fields), { status, location }, [], 5, options)
    assert.ok(next.kind === 'follow')
    assert.deepEqual(next.request.fields, Object.fromEntries(names.map(one => [one, fields[one]])))
    const left = Object.keys(fields).filter(one => !names.includes(one))
    assert.deepEqual(next.dropped.filter(one => one !== 'content').sort(), left.sort())
  })
}

test('five redirections are followed, and a POST may come back as GET', () => {
  let request: RedirectableRequest = ask('POST', 'https://a.example/0')
  let hops: readonly string[] = []
  for (const location of ['/0', '/1', '/2', '/3', '/4']) {
    const next = nextRequest(request, { status: 303, location }, hops)
    assert.ok(next.kind === 'follow', location)
    request = next.request
    hops = next.hops
  }
  assert.equal(request.url, 'https://a.example/4')
  assert.deepEqual(nextRequest(request, { status: 303, location: '/5' }, hops), { kind: 'stop', why: 'too-many' })
})
