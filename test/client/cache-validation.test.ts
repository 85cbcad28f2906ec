// RFC 9111 §3.4, §4.1, §4.3, §4.4: variants, validation, parts, HEAD, QUERY, and what writes make out of date.
import { cacheTable, cc, type Row, sent, served, wait } from './cache-table.ts'
import { scriptedServer } from './scripted.ts'

const server = scriptedServer()
const inm = (tag: string | undefined) => ({ sent: { 'if-none-match': tag } })

const validation: readonly Row[] = [
  [
    'ETag',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent({ status: 304 }, {}, { ...inm('"a"'), trace: /to be validated: stale · revalidated: 304/ }),
    ],
  ],
  [
    'a weak ETag',
    [
      sent(cc('max-age=5', { etag: 'W/"a"' })),
      wait(5),
      sent({ status: 304, fields: { etag: 'W/"a"' } }, {}, inm('W/"a"')),
    ],
  ],
  [
    'Last-Modified',
    [
      sent({ fields: date => ({ 'cache-control': 'max-age=5', 'last-modified': date(-100) }) }),
      wait(5),
      sent(
        { status: 304 },
        {},
        { sent: { 'if-modified-since': 'Wed, 31 Dec 2025 23:58:20 GMT', 'if-none-match': undefined } },
      ),
    ],
  ],
  [
    'both',
    [
      sent(cc('max-age=5', { etag: '"a"', 'last-modified': 'Wed, 31 Dec 2025 23:58:20 GMT' })),
      wait(5),
      sent(
        { status: 304 },
        {},
        { sent: { 'if-none-match': '"a"', 'if-modified-since': 'Wed, 31 Dec 2025 23:58:20 GMT' } },
      ),
    ],
  ],
  [
    'no validator: asked anew',
    [
      sent(cc('max-age=5')),
      wait(5),
      sent({}, {}, { sent: { 'if-none-match': undefined, 'if-modified-since': undefined } }),
    ],
  ],
  ['an ETag that is none is not sent', [sent(cc('max-age=5', { etag: 'abc' })), wait(5), sent({}, {}, inm(undefined))]],
  [
    'a 304 makes it fresh again',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent({ status: 304 }),
      wait(4),
      served(),
      wait(1),
      sent({ status: 304 }),
    ],
  ],
  [
    'a 304 with another max-age',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent({ status: 304, fields: { 'cache-control': 'max-age=60' } }),
      wait(59),
      served(),
    ],
  ],
  [
    'a 304 updates fields, in the answer and in the store',
    [
      sent(cc('max-age=5', { etag: '"a"', 'x-a': '1', 'x-b': '1' })),
      wait(5),
      sent({ status: 304, fields: { 'x-a': '2' } }, {}, { fields: { 'x-a': '2', 'x-b': '1' } }),
      served({}, { fields: { 'x-a': '2', 'x-b': '1' } }),
    ],
  ],
  [
    'a 304 says nothing of the stored content',
    [
      sent(cc('max-age=5', { etag: '"a"', 'content-language': 'en' })),
      wait(5),
      sent(
        {
          status: 304,
          fields: { 'content-encoding': 'gzip', 'content-range': 'bytes 0-1/2', 'content-language': 'fr' },
        },
        {},
        {
          fields: {
            'content-encoding': undefined,
            'content-range': undefined,
            'content-length': '9',
            'content-language': 'fr',
          },
        },
      ),
      served({}, { fields: { 'content-length': '9' } }),
    ],
  ],
  [
    'a 304 with no-store: served, and forgotten',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent(
        { status: 304, fields: { 'cache-control': 'no-store' } },
        {},
        { trace: /no longer stored: response-no-store/ },
      ),
      sent({}, {}, inm(undefined)),
    ],
  ],
  [
    'another content takes its place',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent(cc('max-age=5', { etag: '"b"' }), {}, { body: 2 }),
      served({}, { body: 2 }),
      wait(5),
      sent({ status: 304 }, {}, inm('"b"')),
    ],
  ],
  [
    '404 takes its place',
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent({ status: 404, fields: { 'cache-control': 'max-age=60' } }),
      served({}, { status: 404 }),
    ],
  ],
  [
    'the validated answer has its age',
    [sent(cc('max-age=5', { etag: '"a"', age: '2' })), wait(5), sent({ status: 304 }, {}, { fields: { age: '0' } })],
  ],
  [
    "the caller's own tag: it has it",
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      served(
        { fields: { 'if-none-match': '"a"' } },
        { status: 304, fields: { etag: '"a"', 'content-length': undefined } },
      ),
    ],
  ],
  [
    "the caller's own tag in a list",
    [sent(cc('max-age=60', { etag: '"a"' })), served({ fields: { 'if-none-match': '"x", W/"a"' } }, { status: 304 })],
  ],
  [
    "the caller's own tag: another",
    [sent(cc('max-age=60', { etag: '"a"' })), served({ fields: { 'if-none-match': '"x"' } })],
  ],
  [
    "the caller's own date",
    [
      sent({ fields: date => ({ 'cache-control': 'max-age=60', 'last-modified': date(-100) }) }),
      served({ fields: { 'if-modified-since': 'Wed, 31 Dec 2025 23:59:00 GMT' } }, { status: 304 }),
    ],
  ],
  [
    "the caller's own tag is sent beside the stored one",
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent(
        { status: 304, fields: { etag: '"a"' } },
        { fields: { 'if-none-match': '"x"' } },
        { sent: { 'if-none-match': '"x", "a"' }, status: 200 },
      ),
      served(),
    ],
  ],
  [
    "the caller's own tag is the one that holds",
    [
      sent(cc('max-age=5', { etag: '"a"' })),
      wait(5),
      sent({ status: 304, fields: { etag: '"x"' } }, { fields: { 'if-none-match': '"x"' } }, { status: 304 }),
    ],
  ],
  [
    "the caller's condition with nothing stored",
    [sent({ status: 304, fields: { etag: '"x"' } }, { fields: { 'if-none-match': '"x"' } }, { status: 304 }), sent()],
  ],
  [
    'If-Match is for the server',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent({ status: 412 }, { fields: { 'if-match': '"b"' } }, { trace: /passed by: precondition/ }),
    ],
  ],
  [
    'If-Unmodified-Since is for the server',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent({ status: 412 }, { fields: { 'if-unmodified-since': 'Wed, 31 Dec 2025 23:59:00 GMT' } }),
    ],
  ],
]

const lang = (value: string) => ({ fields: { 'accept-language': value } })
const varies = (by: string, more = {}) => cc('max-age=60', { vary: by, ...more })
const vary: readonly Row[] = [
  ['the same', [sent(varies('Accept-Language'), lang('en')), served(lang('en'))]],
  [
    'another',
    [
      sent(varies('Accept-Language'), lang('en')),
      sent(varies('Accept-Language'), lang('fr')),
      served(lang('en'), { body: 1 }),
      served(lang('fr'), { body: 2 }),
    ],
  ],
  ['absent then', [sent(varies('Accept-Language'), lang('en')), sent({})]],
  ['absent before', [sent(varies('Accept-Language')), sent({}, lang('en'))]],
  ['absent in both', [sent(varies('Accept-Language')), served()]],
  ['in other letters', [sent(varies('ACCEPT-language'), lang('en-GB')), served(lang('EN-gb'))]],
  ['with other space', [sent(varies('Accept-Language'), lang('en,fr')), served(lang('en ,  fr'))]],
  [
    'three fields',
    [
      sent(varies('a, b, c'), { fields: { a: '1', c: '3' } }),
      served({ fields: { a: '1', c: '3' } }),
      sent({}, { fields: { a: '1', b: '2', c: '3' } }),
    ],
  ],
  [
    'other fields do not matter',
    [sent(varies('a'), { fields: { a: '1', z: '1' } }), served({ fields: { a: '1', z: '2' } })],
  ],
  ['* among others', [sent(varies('a, *'), { fields: { a: '1' } }), sent({}, { fields: { a: '1' } })]],
  [
    'the most recent of several that match',
    [
      sent(varies('a'), { fields: { a: '1', b: '1' } }),
      sent(varies('a, b'), { fields: { a: '1', b: '2', 'cache-control': 'no-cache' } }),
      served({ fields: { a: '1', b: '2' } }, { body: 2 }),
    ],
  ],
  [
    'each variant by its own tag',
    [
      sent({ fields: { 'cache-control': 'max-age=5', vary: 'a', etag: '"1"' } }, { fields: { a: '1' } }),
      sent({ fields: { 'cache-control': 'max-age=5', vary: 'a', etag: '"2"' } }, { fields: { a: '2' } }),
      wait(5),
      sent(
        { status: 304, fields: { etag: '"1"' } },
        { fields: { a: '1' } },
        { sent: { 'if-none-match': '"1"' }, body: 1 },
      ),
    ],
  ],
  [
    'Authorization named, private',
    [
      sent(varies('authorization'), { fields: { authorization: 'a' } }),
      served({ fields: { authorization: 'a' } }),
      sent({}, { fields: { authorization: 'b' } }),
    ],
  ],
]

const post = (more = {}) => ({ method: 'POST', content: '{}', ...more })
const unsafe: readonly Row[] = [
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'PROPPATCH'].map(
    (method): Row => [
      `${method} that succeeds`,
      [
        sent(cc('max-age=60', { etag: '"a"' })),
        sent({ status: 200, body: 'done' }, { method }, { trace: /invalidated http.*: .* answered 200/ }),
        sent({ status: 304 }, {}, { ...inm('"a"'), body: 1 }),
      ],
    ],
  ),
  ['303 counts as success', [sent(cc('max-age=60')), sent({ status: 303 }, post()), sent()]],
  ...[400, 404, 409, 412, 500, 503].map(
    (status): Row => [
      `POST answered ${status} changes nothing`,
      [sent(cc('max-age=60')), sent({ status }, post()), served({}, { body: 1 })],
    ],
  ),
  ['POST without an answer: nobody knows', [sent(cc('max-age=60')), sent('cut', post(), { fails: true }), sent()]],
  [
    'OPTIONS changes nothing',
    [sent(cc('max-age=60')), sent({ status: 204 }, { method: 'OPTIONS' }), served({}, { body: 1 })],
  ],
  ['HEAD and GET change nothing', [sent(cc('max-age=60')), served({ method: 'HEAD' }), served()]],
  [
    'all variants',
    [
      sent(varies('a'), { fields: { a: '1' } }),
      sent(varies('a'), { fields: { a: '2' } }),
      sent({}, post()),
      sent(varies('a'), { fields: { a: '1' } }),
      sent(varies('a'), { fields: { a: '2' } }),
    ],
  ],
  [
    'an invalid one does not stand in for a failure',
    [sent(cc('max-age=60, stale-if-error=60')), sent({}, post()), sent({ status: 503 }, {}, { trace: /invalidated/ })],
  ],
  [
    'nor for max-stale',
    [sent(cc('max-age=60')), sent({}, post()), sent({}, { fields: { 'cache-control': 'max-stale' } })],
  ],
]

const [from, to] = ['bytes 0-3/10', 'bytes 4-9/10']
const part = (range: string, body: string, more = {}) => ({
  status: 206,
  body,
  fields: { 'cache-control': 'max-age=60', etag: '"a"', 'content-range': range, ...more },
})
const whole = (more = {}) => ({ ...cc('max-age=60', { etag: '"a"', ...more }), body: '0123456789' })
const ranges = (value: string, more = {}) => ({ fields: { range: `bytes=${value}`, ...more } })
const parts: readonly Row[] = [
  [
    'a range of the whole',
    [
      sent(whole()),
      served(ranges('2-4'), {
        status: 206,
        body: '234',
        fields: { 'content-range': 'bytes 2-4/10', 'content-length': '3' },
      }),
    ],
  ],
  ['from a byte on', [sent(whole()), served(ranges('7-'), { status: 206, body: '789' })]],
  ['the last bytes', [sent(whole()), served(ranges('-2'), { status: 206, body: '89' })]],
  [
    'beyond the end: for the server',
    [sent(whole()), sent({ status: 416, body: '' }, ranges('10-'), { trace: /passed by: range/ })],
  ],
  ['several ranges: for the server', [sent(whole()), sent({ status: 206, body: 'x' }, ranges('0-1,4-5'))]],
  ['another unit is ignored', [sent(whole()), served({ fields: { range: 'rows=1-2' } }, { status: 200 })]],
  ['If-Range that holds', [sent(whole()), served(ranges('2-4', { 'if-range': '"a"' }), { status: 206, body: '234' })]],
  ['If-Range that fails: the whole', [sent(whole()), served(ranges('2-4', { 'if-range': '"b"' }), { status: 200 })]],
  [
    'stale: validated, then the range',
    [
      sent(whole()),
      wait(60),
      sent({ status: 304 }, ranges('2-4'), {
        status: 206,
        body: '234',
        sent: { 'if-none-match': '"a"', range: 'bytes=2-4' },
      }),
    ],
  ],
  [
    'a part is stored',
    [
      sent(part(from, '0123'), ranges('0-3'), { trace: /stored a part/ }),
      served(ranges('0-3'), { status: 206, body: '0123', fields: { 'content-range': from, 'content-length': '4' } }),
      served(ranges('1-2'), { status: 206, body: '12' }),
    ],
  ],
  [
    'a part is not the whole',
    [sent(part(from, '0123'), ranges('0-3')), sent(whole(), {}, { sent: { range: undefined } })],
  ],
  ['nor other bytes', [sent(part(from, '0123'), ranges('0-3')), sent(part('bytes 2-5/10', '2345'), ranges('2-5'))]],
  ['nor HEAD', [sent(part(from, '0123'), ranges('0-3')), sent(whole(), { method: 'HEAD' })]],
  [
    'two parts are combined',
    [
      sent(part('bytes 2-5/10', '2345'), ranges('2-5')),
      sent(part('bytes 6-7/10', '67'), ranges('6-7'), { trace: /combined with other parts/ }),
      served(ranges('3-6'), { status: 206, body: '3456' }),
    ],
  ],
  [
    'parts that make the whole',
    [
      sent(part(from, '0123'), ranges('0-3')),
      sent(part(to, '456789'), ranges('4-9'), { trace: /combined to the whole/ }),
      served({}, { status: 200, body: '0123456789', fields: { 'content-length': '10', 'content-range': undefined } }),
    ],
  ],
  [
    'parts of two versions are not',
    [
      sent(part(from, '0123'), ranges('0-3')),
      sent(part(to, '456789', { etag: '"b"' }), ranges('4-9')),
      sent(part(from, 'abcd', { etag: '"b"' }), ranges('0-3')),
    ],
  ],
  [
    'parts with weak tags are not stored',
    [sent(part(from, '0123', { etag: 'W/"a"' }), ranges('0-3')), sent(part(from, '0123'), ranges('0-3'))],
  ],
  [
    'a part refreshes the whole',
    [
      sent(whole()),
      wait(50),
      sent(part(from, '0123'), ranges('0-3', { 'cache-control': 'no-cache' })),
      wait(20),
      served({}, { status: 200, body: '0123456789' }),
    ],
  ],
  [
    'a part of another version takes the place of the whole',
    [
      sent(whole()),
      sent(part(from, 'abcd', { etag: '"b"' }), ranges('0-3', { 'cache-control': 'no-cache' })),
      sent(whole({ etag: '"b"' })),
    ],
  ],
  [
    'a part that says more than it has',
    [
      sent(part('bytes 0-8/10', '0123'), ranges('0-8'), { trace: /not the bytes that it said/ }),
      sent(part(from, '0123'), ranges('0-3')),
    ],
  ],
  [
    'a stale part is validated',
    [
      sent(part(from, '0123'), ranges('0-3')),
      wait(60),
      sent({ status: 304 }, ranges('0-3'), { status: 206, body: '0123', sent: { 'if-none-match': '"a"' } }),
      served(ranges('1-2'), { status: 206, body: '12' }),
    ],
  ],
  ['a 200 to a range is the whole', [sent(whole(), ranges('0-3')), served({}, { status: 200 })]],
]

const head: readonly Row[] = [
  ['served from GET', [sent(cc('max-age=60', { 'x-a': '1' })), served({ method: 'HEAD' }, { fields: { 'x-a': '1' } })]],
  ['not stored itself', [sent(cc('max-age=60'), { method: 'HEAD' }), sent()]],
  [
    'refreshes GET',
    [
      sent(cc('max-age=5', { etag: '"a"', 'x-a': '1' })),
      wait(6),
      sent(cc('max-age=60', { etag: '"a"', 'x-a': '2', 'content-length': '9' }), {
        method: 'HEAD',
        fields: { 'cache-control': 'max-stale=0' },
      }),
      served({}, { fields: { 'x-a': '2' } }),
    ],
  ],
  [
    'another tag: GET is out of date',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent(cc('max-age=60', { etag: '"b"' }), { method: 'HEAD', fields: { 'cache-control': 'no-cache' } }),
      sent({ status: 304, fields: { etag: '"a"' } }, {}, { trace: /invalidated/ }),
    ],
  ],
  [
    'another length: GET is out of date',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent(cc('max-age=60', { 'content-length': '77' }), { method: 'HEAD', fields: { 'cache-control': 'no-cache' } }),
      sent({ status: 304 }),
    ],
  ],
  [
    '404 to HEAD says nothing of GET',
    [
      sent(cc('max-age=60')),
      sent({ status: 404 }, { method: 'HEAD', fields: { 'cache-control': 'no-cache' } }),
      served({}, { body: 1 }),
    ],
  ],
]

const query = (content: string, type = 'application/json') => ({
  method: 'QUERY',
  content,
  fields: { 'content-type': type },
})
const queries: readonly Row[] = [
  ['the same content', [sent(cc('max-age=60'), query('{"a":1}')), served(query('{"a":1}'))]],
  [
    'another content',
    [
      sent(cc('max-age=60'), query('{"a":1}')),
      sent(cc('max-age=60'), query('{"a":2}')),
      served(query('{"a":1}'), { body: 1 }),
    ],
  ],
  ['another type', [sent(cc('max-age=60'), query('a=1', 'text/plain')), sent({}, query('a=1', 'text/csv'))]],
  [
    'JSON with other white space',
    [sent(cc('max-age=60'), query('{"a": [1, 2],\n "b c": "d  e"}')), served(query('{"a":[1,2],"b c":"d  e"}'))],
  ],
  ['white space in a string counts', [sent(cc('max-age=60'), query('{"a":"d  e"}')), sent({}, query('{"a":"d e"}'))]],
  [
    'text with other white space',
    [sent(cc('max-age=60'), query('a  b', 'text/plain')), sent({}, query('a b', 'text/plain'))],
  ],
  ['not from GET', [sent(cc('max-age=60')), sent({}, query('{}'))]],
  [
    'validated',
    [sent(cc('max-age=5', { etag: '"a"' }), query('{}')), wait(5), sent({ status: 304 }, query('{}'), inm('"a"'))],
  ],
  [
    'POST to its target makes it invalid',
    [sent(cc('max-age=60'), query('{}')), sent({}, post()), sent({}, query('{}'))],
  ],
]

cacheTable(server, 'validation', validation)
cacheTable(server, 'vary', vary)
cacheTable(server, 'writes', unsafe)
cacheTable(server, 'parts', parts)
cacheTable(server, 'head', head)
cacheTable(server, 'query', queries)
