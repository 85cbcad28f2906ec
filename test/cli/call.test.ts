// comity get, post and the others: what they send, what they write, and how they end.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { here } from './support/comity.ts'
import { type PlainServer, startPlainServer } from './support/plain-server.ts'

let server: PlainServer
const folder = mkdtempSync(join(tmpdir(), 'comity-call-'))
const env = { HOME: folder, XDG_CONFIG_HOME: '', XDG_STATE_HOME: 'relative', TOKEN: 'mF_9.B5f-4.1JqM', PW: 'open' }
before(async () => {
  server = await startPlainServer()
  writeFileSync(join(folder, 'body.json'), '{"from":"a file"}')
  writeFileSync(join(folder, 'note.txt'), 'a note')
})
after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

/** `SERVER` in a word is the server. */
const comity = (words: readonly string[], input = '', terminal?: { readonly columns: number }) =>
  here(
    words.map(word => word.replaceAll('SERVER', server.host)),
    folder,
    input,
    { env, ...(terminal === undefined ? {} : { terminal }) },
  )

/** What the server was told. */
async function echo(words: readonly string[], input = '') {
  const { code, out, err } = await comity(words, input)
  assert.deepEqual([code, err], [0, ''])
  return JSON.parse(out) as { method: string; url: string; fields: Record<string, string>; content: string }
}

describe('what is sent', () => {
  const rows: readonly (readonly [readonly string[], object, string?])[] = [
    [['get', 'SERVER/echo', 'a==1', 'b==x y', 'b==z'], { method: 'GET', url: '/echo?a=1&b=x+y&b=z', content: '' }],
    [['get', 'SERVER/echo?a=0', 'b==1'], { url: '/echo?a=0&b=1' }],
    [['post', 'SERVER/echo', 'a=1', 'b:=[2]'], { method: 'POST', content: '{"a":"1","b":[2]}' }],
    [['put', 'SERVER/echo', '--form', 'a=1 2', 'b:=3'], { method: 'PUT', content: 'a=1+2&b=3' }],
    [['patch', 'SERVER/echo', '@body.json'], { method: 'PATCH', content: '{"from":"a file"}' }],
    [['query', 'SERVER/echo', 'a:=1'], { method: 'QUERY', content: '{"a":1}' }],
    [['post', 'SERVER/echo'], { content: '{"from":"stdin"}' }, '{"from":"stdin"}'],
    [['post', 'SERVER/echo', '@-'], { content: 'text' }, 'text'],
    [['post', 'SERVER/echo', 'a=1'], { content: '{"a":"1"}' }, 'not asked for'],
    [['post', 'SERVER/echo', '--no-stdin'], { content: '' }, 'not wanted'],
    [['get', 'SERVER/echo'], { content: '' }, 'not asked for'],
    [['delete', 'SERVER/echo'], { method: 'DELETE', content: '' }],
    [['options', 'SERVER/echo'], { method: 'OPTIONS' }],
  ]
  for (const [words, expected, input] of rows)
    it(words.join(' '), async () => assert.partialDeepStrictEqual(await echo(words, input), expected))

  const types = [
    [['post', 'SERVER/echo', 'a=1'], '', 'application/json'],
    [['post', 'SERVER/echo', 'a=1', '--form'], '', 'application/x-www-form-urlencoded;charset=UTF-8'],
    [['post', 'SERVER/echo', '@note.txt'], '', 'text/plain;charset=utf-8'],
    [['post', 'SERVER/echo'], '[1]', 'application/json'],
    [['post', 'SERVER/echo'], '{"a":1}\n{"a":2}\n', 'application/x-ndjson'],
    [['post', 'SERVER/echo'], 'a,b\n1,2\n', 'text/plain;charset=utf-8'],
    [['post', 'SERVER/echo', 'Content-Type:text/csv'], 'a,b\n1,2\n', 'text/csv'],
  ] as const
  for (const [words, input, type] of types)
    it(`${words.join(' ')} is ${type}`, async () =>
      assert.equal((await echo(words, input)).fields['content-type'], type))

  it('files in parts', async () => {
    const { fields, content } = await echo(['post', 'SERVER/echo', 'title=x', 'file@note.txt'])
    assert.match(fields['content-type'] ?? '', /^multipart\/form-data; boundary=/)
    assert.match(
      content,
      /name="title"\r\n\r\nx\r\n.*name="file"; filename="note\.txt"\r\n.*text\/plain.*\r\n\r\na note/s,
    )
  })
  it('without what the client puts on by itself', async () => {
    const { fields } = await echo(['post', 'SERVER/echo', 'a=1', 'Idempotency-Key:', 'Accept-Encoding:', 'User-Agent:'])
    assert.deepEqual(
      Object.keys(fields).filter(name => /idempotency|encoding|agent/.test(name)),
      [],
    )
  })
  it('fields, one of them left out', async () => {
    const { fields } = await echo(['get', 'SERVER/echo', 'X-A:1', 'X-A:2', 'Accept:', 'User-Agent:me'])
    assert.deepEqual([fields['x-a'], fields.accept, fields['user-agent']], ['1, 2', undefined, 'me'])
  })
})

describe('what is written into a pipe', () => {
  const users =
    '[{"id":1,"email":"a@x.example","address":{"city":"Huế"}},{"id":2,"email":"b@x.example","address":{"city":"Tver"}}]'
  const rows: readonly (readonly [words: string, out: string | RegExp])[] = [
    ['get SERVER/users', users],
    ['get SERVER/moved', users],
    ['get SERVER/number', '12.50'],
    ['get SERVER/text', 'one\ntwo\u001b[31m\n'],
    ['get SERVER/empty', ''],
    ['get SERVER/users --select $[*].email', '[\n  "a@x.example",\n  "b@x.example"\n]\n'],
    ['get SERVER/users --select $[*].email --as lines', 'a@x.example\nb@x.example\n'],
    ['get SERVER/users --select $[1].email', 'b@x.example\n'],
    ['get SERVER/users --select $[1].email --as json', '"b@x.example"\n'],
    ['get SERVER/users --select $[?@.id>1].address.city --as lines', 'Tver\n'],
    ['get SERVER/users --columns id,address.city', 'id,address.city\n1,Huế\n2,Tver\n'],
    [
      'get SERVER/users --columns id,address.city --as table',
      'id  address.city\n──  ────────────\n 1  Huế\n 2  Tver\n',
    ],
    ['get SERVER/users --select $[0] --columns email --as ndjson', '{"email":"a@x.example"}\n'],
    ['get SERVER/csv --as json --select $[1].name', '"Bo, b"\n'],
    ['get SERVER/ndjson --as csv', 'id\n1\n2\n'],
    ['get SERVER/xml --as ndjson', '{"id":"1"}\n{"id":"2"}\n'],
    ['get SERVER/text --as json --select $[0]', '"one"\n'],
    ['get SERVER/list --select $[0].id', '12345678901234567891\n'],
    ['get SERVER/empty --as json', ''],
    ['get SERVER/users --as raw', users],
    ['head SERVER/users', /^HTTP\/1\.1 200 OK\ncontent-type: application\/json\n(?:[a-z-]+: .*\n)+\n$/],
    ['options SERVER/empty', /^HTTP\/1\.1 204 No Content\nallow: GET, OPTIONS\n/],
    ['get SERVER/number --include', /^HTTP\/1\.1 200 OK\n[\s\S]*\n\n12\.50$/],
  ]
  for (const [words, expected] of rows)
    it(words, async () => {
      const { code, out, err } = await comity(words.split(' '))
      assert.deepEqual([code, err], [0, ''])
      if (typeof expected === 'string') assert.equal(out, expected)
      else assert.match(out, expected)
    })
})

describe('what is written on a terminal', () => {
  const terminal = { columns: 60 }
  it('the head, and JSON in colour', async () => {
    const { out } = await comity(['get', 'SERVER/number'], '', terminal)
    const head =
      '\u001b[2mHTTP/1.1\u001b[0m \u001b[1;32m200 OK\u001b[0m\n\u001b[34mcontent-type\u001b[0m: application/json\n'
    assert.ok(out.startsWith(head), out)
    assert.ok(out.endsWith('\n\n\u001b[36m12.50\u001b[0m\n'), out)
  })
  it('text without what could steer it', async () =>
    assert.equal((await comity(['get', 'SERVER/text', '--body'], '', terminal)).out, 'one\ntwo␛[31m\n'))
  it('nothing of an image, but what it is', async () => {
    const { out, err, code } = await comity(['get', 'SERVER/image', '-b'], '', terminal)
    assert.deepEqual([code, out], [0, ''])
    assert.match(err, /^image\/png of 6 B is not shown on a terminal\. Keep it with --out FILE/)
  })
  it('a table for columns', async () =>
    assert.deepEqual(
      stripVTControlCharacters((await comity(['get', 'SERVER/users', '--columns', 'id,email'], '', terminal)).out),
      'id  email\n──  ───────────\n 1  a@x.example\n 2  b@x.example\n',
    ))
})

describe('all pages', () => {
  const ids = [1, 2, 3, 4, 5, 6].map(at => `1234567890123456789${at}`)
  it('as one array', async () => {
    const { out } = await comity(['get', 'SERVER/list', '--all-pages'])
    assert.deepEqual(
      [...out.matchAll(/"id": (\d+)/g)].map(([, id]) => id),
      ids,
    )
    assert.equal(JSON.parse(out).length, 6)
  })
  const rows = [
    ['--as ndjson --columns id', ids.map(id => `{"id":${id}}\n`).join('')],
    [
      '--columns id,of.page --as csv',
      `id,of.page\n${ids.map((id, at) => `${id},${Math.floor(at / 2) + 1}\n`).join('')}`,
    ],
    ['--select $[*].id --as lines', ids.map(id => `${id}\n`).join('')],
    ['--max-items 1 --columns id --as json', `[\n  {\n    "id": ${ids[0]}\n  }\n]\n`],
    ['--max-items 0', '[]\n'],
  ] as const
  for (const [flags, expected] of rows)
    it(flags, async () =>
      assert.equal((await comity(['get', 'SERVER/list', '--all-pages', ...flags.split(' ')])).out, expected),
    )
  it('into a file that is whole or not there', async () => {
    await comity(['get', 'SERVER/list', '--all-pages', '--columns', 'name', '--out', 'names.csv'])
    assert.equal(readFileSync(join(folder, 'names.csv'), 'utf8'), 'name\nn1\nn2\nn1\nn2\nn1\nn2\n')
    const { code, err } = await comity([
      'get',
      'SERVER/pages-that-break',
      '--all-pages',
      '--out',
      'broken.json',
      '--retry',
      '0',
    ])
    assert.deepEqual([code, existsSync(join(folder, 'broken.json'))], [5, false])
    assert.match(err, /^500 Internal Server Error: It broke\./)
  })
})

describe('how it ends', () => {
  const rows: readonly (readonly [words: string, code: number, err: RegExp, out?: RegExp])[] = [
    [
      'get SERVER/nothing',
      4,
      /^404 Not Found: There is nothing at \/nothing\. See: comity status 404\.\n$/,
      /"status":404/,
    ],
    ['get SERVER/nothing --as json', 4, /^404 Not Found: /, /^$/],
    ['get SERVER/page-not-found', 4, /^404 Not Found: The server has nothing at this address/, /<p>Nothing<\/p>/],
    ['get SERVER/gone --select $.title', 4, /^410 Gone: It was here until 2014\./, /^$/],
    ['get SERVER/wrong', 4, /^400 Bad Request: .*\n {2}\/name: It is missing\.\n {2}limit: It is no number\.\n$/],
    ['get SERVER/login', 4, /^401 Unauthorized: Who are you\? Give credentials with --auth; .*Basic realm="here"/],
    ['delete SERVER/only-get', 4, /^405 .* DELETE is not among what it takes: get, head\.\n$/],
    ['get SERVER/moved --no-follow', 3, /^302 Found: .* It leads to \/users; leave out --no-follow to go there\.\n$/],
    ['get SERVER/down --retry 0', 5, /^500 Internal Server Error: It broke\. Try again with --retry 3/],
    ['get SERVER/busy --retry 3', 0, /^$/, /^at last\n$/],
    ['get SERVER/slow --timeout 50ms --retry 0', 1, /no response within 50 ms\. Try again with a longer --timeout/],
    ['get SERVER/slow --deadline 60ms', 1, /^.*60 ms.*\n$/],
    ['get SERVER/cut --retry 0 --out cut.txt', 1, /ended before its end/],
    [
      'get 127.0.0.1:1 --retry 0',
      1,
      /nothing listens at http:\/\/127\.0\.0\.1:1\. Start the server, or check the port\.\n$/,
    ],
    ['get http://name.invalid --retry 0', 1, /the name name\.invalid is not known\. Check the spelling/],
    ['get https://SERVER/ --retry 0', 1, /\. .*http:\/\//],
    ['get SERVER/not-json --as yaml', 1, /^The content says that it is JSON, and is not: .* Leave out --as/],
    ['get SERVER/image --as table', 1, /^The content is image\/png, which cannot be read as values\./],
    ['get SERVER/users --select $[9].id', 1, /^There is nothing at \$\[9\]\.id\./],
    ['get SERVER/users --select id', 2, /^“id” is no JSONPath: .* A path begins with \$/],
    ['get SERVER/users --columns id,,x', 2, /names no columns/],
    ['get SERVER/users --as raw --select $', 2, /--as raw is the content as it came/],
    ['get SERVER/users --as excel', 2, /Allowed choices are json, yaml/],
    ['get SERVER/users name=x', 2, /^GET carries no content\. Write name==… for the query/],
    ['get SERVER/users nonsense', 2, /^“nonsense” cannot be read\. Write name==value/],
    ['post SERVER/echo @none.json', 2, /^none\.json is not there\.\n$/],
    ['post SERVER/echo a=1 a=2', 2, /^“a” is given twice\. Write a:='\[…\]' for an array\.\n$/],
    ['post SERVER/echo @body.json a=1', 2, /@file is the whole content/],
    ['get /path', 2, /^“\/path” is a path without a server\. Write :3000\/path/],
    ['get SERVER/users --out no/such/file', 2, /^The folder for no\/such\/file is not there\.\n$/],
    ['get SERVER/users --timeout soon', 2, /A time is a number of seconds/],
    ['get SERVER/users --auth magic:x', 2, /names no scheme of authentication\. Write basic:USER:SECRET/],
    ['get SERVER/users --auth bearer:env:NOT_SET', 1, /NOT_SET is not set/],
    ['get SERVER/users --auth basic:ann', 2, /no password for ann, and there is no terminal/],
    ['get SERVER/users --session ../x', 2, /is no name for a session/],
    ['get SERVER/users --profile none', 2, /There is no profile “none” in .*config\.json\. Write \{ "profiles"/],
    ['get', 2, /^Missing required argument 'url'\./],
  ]
  for (const [words, code, err, out] of rows)
    it(`${code}: ${words}`, async () => {
      const ended = await comity(words.split(' '))
      assert.match(ended.err, err)
      assert.equal(ended.code, code)
      if (out !== undefined) assert.match(ended.out, out)
    })
  it('leaves no file where the content broke off', () => assert.equal(existsSync(join(folder, 'cut.txt')), false))
  it('leaves a file as it was where the answer is a refusal', async () => {
    await comity(['get', 'SERVER/nothing', '--out', 'note.txt'])
    assert.equal(readFileSync(join(folder, 'note.txt'), 'utf8'), 'a note')
  })
})

describe('credentials', () => {
  const basic = `Basic ${Buffer.from('ann:open').toString('base64')}`
  const rows = [
    ['basic:ann:open', 'authorization', basic],
    ['basic:ann:env:PW', 'authorization', basic],
    ['basic ann:env:PW', 'authorization', basic],
    ['bearer:env:TOKEN', 'authorization', 'Bearer mF_9.B5f-4.1JqM'],
    ['header:X-Api-Key:env:TOKEN', 'x-api-key', 'mF_9.B5f-4.1JqM'],
  ] as const
  for (const [word, field, value] of rows)
    it(`--auth ${word}`, async () => {
      // The client looks references up in the environment of the process.
      Object.assign(process.env, { PW: 'open', TOKEN: 'mF_9.B5f-4.1JqM' })
      assert.equal((await echo(['get', 'SERVER/echo', '--auth', word])).fields[field], value)
    })
  it('in the query', async () =>
    assert.equal((await echo(['get', 'SERVER/echo?a=1', '--auth', 'query:key:k-1'])).url, '/echo?a=1&key=k-1'))
  it('in the URL', async () =>
    assert.equal((await echo(['get', 'http://ann:open@SERVER/echo'])).fields.authorization, basic))
  it('OAuth 1.0a', async () => {
    const word = 'oauth1:consumer-key=ck consumer-secret=cs token=t token-secret=ts method=hmac-sha256'
    const { fields } = await echo(['get', 'SERVER/echo', '--auth', word])
    assert.match(
      fields.authorization ?? '',
      /^OAuth .*oauth_consumer_key="ck".*oauth_signature_method="HMAC-SHA256".*oauth_signature="/,
    )
  })
  it('Digest', async () =>
    assert.equal((await comity(['get', 'SERVER/digest', '--auth', 'digest:ann:open'])).out, 'hello ann\n'))
  it('a token of OAuth 2, kept for the next time', async () => {
    const at = `http://${server.host}`
    const word = `client-credentials:issuer=${at} client-id=me client-secret=s token-endpoint=${at}/token scope=read write`
    for (const _ of [1, 2])
      assert.equal((await echo(['get', 'SERVER/echo', '--auth', word])).fields.authorization, 'Bearer machine')
    assert.equal(server.counts.get('/token'), 1)
    const file = join(folder, '.local/state/comity/tokens.json')
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })
  const refused = [
    ['client-credentials:issuer=https://x.example', /needs client-id=/],
    ['client-credentials:issuer=https://x.example client=me', /does not know “client”|without a name/],
    ['oauth1:consumer-key=a consumer-secret=b method=MD5', /method is one of HMAC-SHA1, /],
    ['header:X-Key', /header needs a name and a key/],
    ['bearer:', /bearer has no secret/],
    ['bearer:two words', /--auth bearer: .*token is none|token/],
  ] as const
  for (const [word, message] of refused)
    it(`not ${word}`, async () => {
      const { code, err } = await comity(['get', 'SERVER/echo', '--auth', word])
      assert.match(err, message)
      assert.equal(code, 2)
    })
})

describe('sessions', () => {
  it('keep cookies, for their owner only', async () => {
    const outs = []
    for (const session of ['a', 'a', 'b']) outs.push((await comity(['get', 'SERVER/cookie', '--session', session])).out)
    assert.deepEqual(outs, ['none', 'sid=s3cret', 'none'])
    assert.equal(statSync(join(folder, '.local/state/comity/sessions/a/cookies.json')).mode & 0o777, 0o600)
  })
  it('keep credentials, for their origin only', async () => {
    const other = await startPlainServer()
    try {
      await echo(['get', 'SERVER/echo', '--session', 'c', '--auth', 'bearer:t-1'])
      assert.equal((await echo(['get', 'SERVER/echo', '--session', 'c'])).fields.authorization, 'Bearer t-1')
      assert.equal((await echo(['get', `${other.host}/echo`, '--session', 'c'])).fields.authorization, undefined)
    } finally {
      other.close()
    }
  })
})

describe('profiles', () => {
  const file = join(folder, 'config', 'comity', 'config.json')
  const withConfig = (words: readonly string[], profiles: object) => {
    rmSync(join(folder, 'config'), { recursive: true, force: true })
    mkdirpWrite(file, JSON.stringify({ profiles }))
    return here(
      words.map(word => word.replaceAll('SERVER', server.host)),
      folder,
      '',
      { env: { ...env, XDG_CONFIG_HOME: join(folder, 'config') } },
    )
  }
  const profile = () => ({
    baseUrl: `http://${server.host}`,
    auth: 'bearer:env:TOKEN',
    fields: { 'Accept-Language': 'vi' },
    timeout: '5s',
    retry: 1,
  })

  it('have a base, credentials and fields', async () => {
    process.env.TOKEN = 't-2'
    const { out, err } = await withConfig(['get', '/echo', '--profile', 'bank'], { bank: profile() })
    assert.equal(err, '')
    const { fields } = JSON.parse(out)
    assert.deepEqual([fields.authorization, fields['accept-language']], ['Bearer t-2', 'vi'])
  })
  it('give nothing of it to another origin', async () => {
    const other = await startPlainServer()
    try {
      const { out } = await withConfig(['get', `${other.host}/echo`, '--profile', 'bank'], { bank: profile() })
      const { fields } = JSON.parse(out)
      assert.deepEqual([fields.authorization, fields['accept-language']], [undefined, undefined])
    } finally {
      other.close()
    }
  })
  const refused = [
    [{ bank: { auth: 'bearer:mF_9' } }, /stands in the config file itself\. Write where it is instead: env:NAME/],
    [{ bank: { fields: { Authorization: 'Bearer x' } } }, /Authorization holds credentials, which belong into "auth"/],
    [{ bank: { basUrl: 'x' } }, /has “basUrl”, which is unknown\. A profile has baseUrl/],
    [{ bank: { timeout: 'soon' } }, /timeout: A time is a number/],
    [{ other: {} }, /There is no profile “bank" in|There is no profile “bank”.*There are: other\./],
  ] as const
  for (const [profiles, message] of refused)
    it(`not ${JSON.stringify(profiles)}`, async () => {
      const base = 'bank' in profiles ? { bank: { baseUrl: `http://${server.host}`, ...profiles.bank } } : profiles
      const { code, err } = await withConfig(['get', '/echo', '--profile', 'bank'], base)
      assert.match(err, message)
      assert.equal(code, 2)
      assert.ok(!err.includes('mF_9'), 'no secret is repeated')
    })
})

describe('why', () => {
  it('--trace tells what was waited for and retried', async () => {
    server.counts.delete('/busy')
    const { err } = await comity(['get', 'SERVER/busy', '--trace', '--retry', '3'])
    assert.match(
      err,
      /^\* GET http:\/\/.*\/busy\n(?: +[\d,]+ ms {2}retry .*503.*\n?){2,}[\s\S]* answer +200 OK over HTTP\/1\.1 \(.*first byte/,
    )
  })
  it('--trace tells of a failure', async () =>
    assert.match(
      (await comity(['get', '127.0.0.1:1', '--trace', '--retry', '0'])).err,
      /answer +failed: .*nothing listens/,
    ))
  it('--cache keeps answers, and --trace says that one was revalidated', async () => {
    assert.equal((await comity(['get', 'SERVER/kept', '--cache'])).out, 'kept 1')
    const { out, err } = await comity(['get', 'SERVER/kept', '--cache', '--trace'])
    assert.equal(out, 'kept 1')
    assert.match(err, /cache +revalidated: 304/)
  })
})

function mkdirpWrite(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
