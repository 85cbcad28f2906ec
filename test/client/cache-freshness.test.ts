// RFC 9111 §3, §4.2, §5.2: what is stored, how long it is fresh, and what a request may ask of the cache.
import { background, cacheTable, cc, type Row, sent, served, wait } from './cache-table.ts'
import { scriptedServer } from './scripted.ts'

const server = scriptedServer()
const day = 86_400

const freshness: readonly Row[] = [
  [
    'max-age: fresh until its last second',
    [
      sent(cc('max-age=60')),
      wait(59),
      served({}, { fields: { age: '59' }, trace: /served fresh \(age 59 s of 60 s\)/ }),
    ],
  ],
  ['max-age: stale then', [sent(cc('max-age=60')), wait(60), sent(cc('max-age=60'), {}, { body: 2 })]],
  [
    'max-age=0',
    [sent(cc('max-age=0', { etag: '"a"' })), sent({ status: 304 }, {}, { sent: { 'if-none-match': '"a"' } })],
  ],
  [
    'Age counts',
    [sent(cc('max-age=60', { age: '50' })), wait(9), served({}, { fields: { age: '59' } }), wait(1), sent()],
  ],
  ['Age that cannot be read does not', [sent(cc('max-age=60', { age: 'old' })), wait(59), served()]],
  [
    'an old Date counts',
    [
      sent({ fields: date => ({ 'cache-control': 'max-age=60', date: date(-50) }) }),
      wait(9),
      served(),
      wait(1),
      sent(),
    ],
  ],
  [
    'a Date ahead of this clock does not',
    [
      sent({ fields: date => ({ 'cache-control': 'max-age=60', date: date(50) }) }),
      wait(59),
      served(),
      wait(1),
      sent(),
    ],
  ],
  [
    'the longer of Age and Date',
    [
      sent({ fields: date => ({ 'cache-control': 'max-age=60', age: '10', date: date(-50) }) }),
      wait(9),
      served(),
      wait(1),
      sent(),
    ],
  ],
  [
    'no Date at all',
    [sent({ fields: { 'cache-control': 'max-age=60', date: undefined } }), wait(59), served(), wait(1), sent()],
  ],
  ['Expires', [sent({ fields: date => ({ expires: date(60) }) }), wait(59), served(), wait(1), sent()]],
  [
    'Expires against Date, not this clock',
    [sent({ fields: date => ({ date: date(-3600), expires: date(-3000) }) }), sent()],
  ],
  ['Expires 0', [sent({ fields: { expires: '0', etag: '"a"' } }), sent({ status: 304 })]],
  ['Expires in the past', [sent({ fields: date => ({ expires: date(-1), etag: '"a"' }) }), sent({ status: 304 })]],
  [
    'max-age before Expires',
    [sent({ fields: date => ({ 'cache-control': 'max-age=60', expires: date(-5) }) }), wait(59), served()],
  ],
  ['s-maxage is not for a private cache', [sent(cc('s-maxage=600, max-age=5')), wait(5), sent()]],
  [
    's-maxage before max-age in a shared one',
    [sent(cc('s-maxage=600, max-age=5')), wait(599), served()],
    { mode: 'shared' },
  ],
  ['the smaller of two max-ages', [sent(cc('max-age=60, max-age=5')), wait(5), sent()]],
  ['quoted max-age', [sent(cc('max-age="60"')), wait(59), served()]],
  ['max-age in other letters', [sent(cc('MAX-AGE=60')), served()]],
  ['max-age that is no number', [sent(cc('max-age=-5')), sent()]],
  ['more than 2^31 seconds', [sent(cc('max-age=99999999999')), wait(2_000_000_000), served()]],
  ['unknown directives', [sent(cc('max-age=60, x-new, y="1,max-age=0"')), served()]],
  ['CDN-Cache-Control is not for this cache', [sent(cc('max-age=60', { 'cdn-cache-control': 'no-store' })), served()]],
  ['Pragma in a response means nothing', [sent(cc('max-age=60', { pragma: 'no-cache' })), served()]],
  [
    'Warning is not made',
    [sent(cc('max-age=1, stale-if-error=60')), wait(5), sent('cut', {}, { fields: { warning: undefined } })],
  ],
  [
    'heuristics: a tenth of the time since Last-Modified',
    [
      sent({ fields: date => ({ 'last-modified': date(-10 * day) }) }),
      wait(day - 1),
      served({}, { trace: /of 86,400 s/ }),
      wait(1),
      sent({ status: 304 }),
    ],
  ],
  [
    'heuristics: never more than a week',
    [sent({ fields: date => ({ 'last-modified': date(-1000 * day) }) }), wait(7 * day), sent({ status: 304 })],
  ],
  [
    'heuristics: the fraction that is told',
    [sent({ fields: date => ({ 'last-modified': date(-100) }) }), wait(49), served(), wait(1), sent({ status: 304 })],
    { heuristicFraction: 0.5 },
  ],
  ['heuristics: not without Last-Modified', [sent({ fields: { etag: '"a"' } }), sent({ status: 304 })]],
  [
    'heuristics: not for a status that is not cacheable so',
    [sent({ status: 403, fields: date => ({ 'last-modified': date(-10 * day) }) }), sent()],
  ],
  [
    'heuristics: for such a one that is public',
    [
      sent({ status: 403, fields: date => ({ 'cache-control': 'public', 'last-modified': date(-10 * day) }) }),
      served({}, { status: 403 }),
    ],
  ],
  [
    'a clock that is set back makes nothing younger than it came',
    [
      sent(cc('max-age=60', { age: '30' })),
      wait(-100),
      served({}, { fields: { age: '30' } }),
      wait(129),
      served(),
      wait(1),
      sent(),
    ],
  ],
]

const storing: readonly Row[] = [
  ['nothing said, no validator', [sent({}, {}, { trace: /not stored: never-reusable/ }), sent()]],
  ['no-store', [sent(cc('no-store, max-age=60'), {}, { trace: /not stored: response-no-store/ }), sent()]],
  [
    'no-store takes what was stored with it',
    [sent(cc('max-age=1, stale-if-error=600')), wait(2), sent(cc('no-store')), sent({ status: 503, fields: {} })],
  ],
  [
    'must-understand overrides no-store for a status that is understood',
    [sent(cc('no-store, must-understand, max-age=60')), served()],
  ],
  [
    'must-understand forbids a status that is not',
    [sent({ status: 299, fields: { 'cache-control': 'must-understand, max-age=60' } }), sent()],
  ],
  [
    'must-understand, not registered',
    [sent({ status: 499, fields: { 'cache-control': 'no-store, must-understand, max-age=60' } }), sent()],
  ],
  ['private in a private cache', [sent(cc('private, max-age=60')), served()]],
  [
    'private in a shared one',
    [sent(cc('private, max-age=60'), {}, { trace: /not stored: private/ }), sent()],
    { mode: 'shared' },
  ],
  [
    'private fields in a shared one are left out',
    [
      sent(cc('private="x-who", max-age=60', { 'x-who': 'ann' }), {}, { fields: { 'x-who': 'ann' } }),
      served({}, { fields: { 'x-who': undefined } }),
    ],
    { mode: 'shared' },
  ],
  [
    'no-cache: stored, and asked about each time',
    [
      sent(cc('no-cache, max-age=60', { etag: '"a"' })),
      sent({ status: 304 }, {}, { sent: { 'if-none-match': '"a"' }, trace: /response-no-cache/ }),
    ],
  ],
  [
    'no-cache fields are left out',
    [sent(cc('no-cache="x-who", max-age=60', { 'x-who': 'ann' })), served({}, { fields: { 'x-who': undefined } })],
  ],
  ['Vary: *', [sent(cc('max-age=60', { vary: '*' }), {}, { trace: /varies-by-anything/ }), sent()]],
  [
    'fields of the connection',
    [
      sent(cc('max-age=60', { connection: 'x-hop', 'x-hop': '1', 'x-end': '2' })),
      served({}, { fields: { 'x-hop': undefined, 'x-end': '2', connection: undefined } }),
    ],
  ],
  [
    'Set-Cookie is not given again',
    [sent(cc('max-age=60', { 'set-cookie': 'a=b' })), served({}, { fields: { 'set-cookie': undefined } })],
  ],
  [
    'unknown fields are kept',
    [sent(cc('max-age=60', { 'x-new': 'a, b' })), served({}, { fields: { 'x-new': 'a, b' } })],
  ],
  ...[200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501].map(
    (status): Row => [
      `${status} with max-age`,
      [sent({ status, fields: { 'cache-control': 'max-age=60' } }), served({}, { status })],
    ],
  ),
  ...[201, 302, 307, 400, 403, 500, 502, 503, 504].map(
    (status): Row => [
      `${status}, explicitly`,
      [sent({ status, fields: { 'cache-control': 'max-age=60' } }), served({}, { status })],
    ],
  ),
  ...[428, 429, 431, 511].map(
    (status): Row => [`${status}, never`, [sent({ status, fields: { 'cache-control': 'max-age=60' } }), sent()]],
  ),
  [
    'Authorization in a shared cache',
    [
      sent(cc('max-age=60'), { fields: { authorization: 'Bearer a' } }, { trace: /not stored: authorization/ }),
      sent({}, { fields: { authorization: 'Bearer a' } }),
    ],
    { mode: 'shared' },
  ],
  ...['public', 's-maxage=60', 'must-revalidate, max-age=60'].map(
    (directive): Row => [
      `Authorization in a shared cache, ${directive}`,
      [
        sent(cc(`${directive}, max-age=60`), { fields: { authorization: 'Bearer a' } }),
        served({ fields: { authorization: 'Bearer b' } }),
        served(),
      ],
      { mode: 'shared' },
    ],
  ),
  [
    'Authorization in a private cache: to the same one',
    [
      sent(cc('max-age=60'), { fields: { authorization: 'Bearer a' } }),
      served({ fields: { authorization: 'Bearer a' } }),
    ],
  ],
  [
    'Authorization in a private cache: not to another',
    [
      sent(cc('max-age=60'), { fields: { authorization: 'Bearer a' } }),
      sent({}, { fields: { authorization: 'Bearer b' } }),
      sent(),
    ],
  ],
  [
    'a Cookie written by hand: not to another',
    [sent(cc('max-age=60'), { fields: { cookie: 'user=a' } }), sent({}, { fields: { cookie: 'user=b' } })],
  ],
  [
    'an API key: not to another',
    [sent(cc('max-age=60'), { fields: { 'x-api-key': 'a' } }), sent({}, { fields: { 'x-api-key': 'b' } })],
  ],
  [
    'another query is another key',
    [
      sent(cc('max-age=60'), { path: '?a=1' }),
      sent(cc('max-age=60'), { path: '?a=2' }),
      served({ path: '?a=1' }, { body: 1 }),
    ],
  ],
  ['read in pieces', [sent(cc('max-age=60'), { read: 'pieces' }), served({ read: 'pieces' })]],
  ['not read to its end', [sent(cc('max-age=60'), { read: 'first-piece' }), sent()]],
  ['not read at all', [sent(cc('max-age=60'), { read: 'nothing' }, { trace: /not stored: not-read/ }), sent()]],
  [
    'broken off',
    [sent({ ...cc('max-age=60', { 'content-length': '100' }), cut: 'after-head' }, {}, { fails: true }), sent()],
  ],
  [
    'larger than the bound, as it says',
    [sent({ ...cc('max-age=60'), body: 'x'.repeat(2000) }, {}, { trace: /2,000 bytes are more than 1,000/ }), sent()],
    { entryBytes: 1000 },
  ],
  [
    'larger than the bound, as it turns out',
    [
      sent(
        { ...cc('max-age=60', { 'transfer-encoding': 'chunked' }), body: 'x'.repeat(2000) },
        { read: 'pieces' },
        { trace: /more than 1,000 bytes/ },
      ),
      sent(),
    ],
    { entryBytes: 1000 },
  ],
]

const asking: readonly Row[] = [
  [
    'no-store goes past the cache and leaves it as it is',
    [
      sent(cc('max-age=60')),
      sent(cc('max-age=60'), { fields: { 'cache-control': 'no-store' } }, { body: 2 }),
      served({}, { body: 1 }),
    ],
  ],
  [
    'no-cache asks',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent({ status: 304 }, { fields: { 'cache-control': 'no-cache' } }, { sent: { 'if-none-match': '"a"' } }),
      served(),
    ],
  ],
  [
    'max-age of a request',
    [
      sent(cc('max-age=60')),
      wait(10),
      served({ fields: { 'cache-control': 'max-age=10' } }),
      wait(1),
      sent({}, { fields: { 'cache-control': 'max-age=10' } }),
    ],
  ],
  ['max-age=0 of a request', [sent(cc('max-age=60')), wait(1), sent({}, { fields: { 'cache-control': 'max-age=0' } })]],
  [
    'immutable is not asked for on reload',
    [sent(cc('max-age=60, immutable')), wait(1), served({ fields: { 'cache-control': 'max-age=0' } })],
  ],
  ['immutable is asked for once it is stale', [sent(cc('max-age=60, immutable')), wait(60), sent()]],
  [
    'min-fresh',
    [
      sent(cc('max-age=60')),
      wait(30),
      served({ fields: { 'cache-control': 'min-fresh=30' } }),
      wait(1),
      sent({}, { fields: { 'cache-control': 'min-fresh=30' } }),
    ],
  ],
  [
    'max-stale without a limit',
    [
      sent(cc('max-age=60')),
      wait(100_000),
      served({ fields: { 'cache-control': 'max-stale' } }, { trace: /served stale, as max-stale allows/ }),
    ],
  ],
  [
    'max-stale with one',
    [
      sent(cc('max-age=60')),
      wait(70),
      served({ fields: { 'cache-control': 'max-stale=10' } }),
      wait(1),
      sent({}, { fields: { 'cache-control': 'max-stale=10' } }),
    ],
  ],
  [
    'max-stale against must-revalidate',
    [sent(cc('max-age=60, must-revalidate')), wait(61), sent({}, { fields: { 'cache-control': 'max-stale' } })],
  ],
  [
    'proxy-revalidate is not for a private cache',
    [sent(cc('max-age=60, proxy-revalidate')), wait(61), served({ fields: { 'cache-control': 'max-stale' } })],
  ],
  [
    'proxy-revalidate in a shared one',
    [sent(cc('max-age=60, proxy-revalidate')), wait(61), sent({}, { fields: { 'cache-control': 'max-stale' } })],
    { mode: 'shared' },
  ],
  [
    's-maxage forbids stale in a shared one',
    [sent(cc('s-maxage=60')), wait(61), sent({}, { fields: { 'cache-control': 'max-stale' } })],
    { mode: 'shared' },
  ],
  [
    'only-if-cached with something',
    [sent(cc('max-age=60')), served({ fields: { 'cache-control': 'only-if-cached' } })],
  ],
  [
    'only-if-cached with nothing',
    [
      served(
        { fields: { 'cache-control': 'only-if-cached' } },
        { status: 504, body: '', trace: /504: only-if-cached/ },
      ),
    ],
  ],
  [
    'only-if-cached with something stale',
    [
      sent(cc('max-age=60')),
      wait(60),
      served({ fields: { 'cache-control': 'only-if-cached' } }, { status: 504, body: '' }),
    ],
  ],
  ['Pragma of a request is not read', [sent(cc('max-age=60')), served({ fields: { pragma: 'no-cache' } })]],
  [
    'wish no-store',
    [
      sent(cc('max-age=60')),
      sent({}, { wish: 'no-store' }, { sent: { 'cache-control': 'no-store' } }),
      served({}, { body: 1 }),
    ],
  ],
  [
    'wish reload: no condition, and stored',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent(cc('max-age=60'), { wish: 'reload' }, { sent: { 'cache-control': 'no-cache', 'if-none-match': undefined } }),
      served({}, { body: 2 }),
    ],
  ],
  [
    'wish no-cache: conditional',
    [
      sent(cc('max-age=60', { etag: '"a"' })),
      sent({ status: 304 }, { wish: 'no-cache' }, { sent: { 'if-none-match': '"a"' } }),
    ],
  ],
  ['wish force-cache', [sent(cc('max-age=60')), wait(1000), served({ wish: 'force-cache' })]],
  ['wish only-if-cached', [served({ wish: 'only-if-cached' }, { status: 504, body: '' })]],
  [
    'wish false',
    [
      sent(cc('max-age=60')),
      sent(cc('max-age=60'), { wish: false }, { sent: { 'cache-control': undefined } }),
      served({}, { body: 1 }),
    ],
  ],
]

const stale: readonly Row[] = [
  [
    'stale-while-revalidate: served, and asked for once behind it',
    [
      sent(cc('max-age=60, stale-while-revalidate=30', { etag: '"a"' })),
      wait(61),
      background(
        { status: 304 },
        { 'if-none-match': '"a"' },
        served({}, { trace: /revalidated in the background/, fields: { age: '61' } }),
      ),
      served({}, { fields: { age: '0' } }),
    ],
  ],
  [
    'stale-while-revalidate: another content',
    [
      sent(cc('max-age=60, stale-while-revalidate=30', { etag: '"a"' })),
      wait(61),
      background(cc('max-age=60', { etag: '"b"' }), { 'if-none-match': '"a"' }, served()),
      served({}, { body: 2 }),
    ],
  ],
  [
    'stale-while-revalidate: a failure in the background changes nothing',
    [
      sent(cc('max-age=60, stale-while-revalidate=30')),
      wait(61),
      background('cut', {}, served()),
      background(cc('max-age=60'), {}, served({}, { body: 1 })),
      served({}, { body: 2 }),
    ],
  ],
  ['stale-while-revalidate: not for longer', [sent(cc('max-age=60, stale-while-revalidate=30')), wait(91), sent()]],
  [
    'stale-while-revalidate: not against must-revalidate',
    [sent(cc('max-age=60, stale-while-revalidate=30, must-revalidate')), wait(61), sent()],
  ],
  [
    'stale-while-revalidate: not when the request says how old',
    [
      sent(cc('max-age=60, stale-while-revalidate=30')),
      wait(61),
      sent({}, { fields: { 'cache-control': 'max-age=60' } }),
    ],
  ],
  [
    'stale-while-revalidate: nothing behind only-if-cached',
    [
      sent(cc('max-age=60, stale-while-revalidate=30')),
      wait(61),
      served({ fields: { 'cache-control': 'only-if-cached' } }),
    ],
  ],
  ...[500, 502, 503, 504].map(
    (status): Row => [
      `stale-if-error: ${status}`,
      [
        sent(cc('max-age=60, stale-if-error=30')),
        wait(80),
        sent(
          { status },
          {},
          { status: 200, body: 1, trace: new RegExp(`since the status is ${status}: stale-if-error`) },
        ),
      ],
    ],
  ),
  [
    'stale-if-error: no answer',
    [
      sent(cc('max-age=60, stale-if-error=30')),
      wait(80),
      sent('cut', {}, { status: 200, body: 1, trace: /since no answer came: stale-if-error/ }),
    ],
  ],
  [
    'stale-if-error: not for longer',
    [
      sent(cc('max-age=60, stale-if-error=30')),
      wait(91),
      sent({ status: 503 }, {}, { trace: /not served stale, though the status is 503: not-permitted/ }),
    ],
  ],
  ['stale-if-error: not for 404', [sent(cc('max-age=60, stale-if-error=30')), wait(61), sent({ status: 404 })]],
  ['stale-if-error: not for 501', [sent(cc('max-age=60, stale-if-error=30')), wait(61), sent({ status: 501 })]],
  [
    'stale-if-error: not against must-revalidate',
    [sent(cc('max-age=60, stale-if-error=30, must-revalidate')), wait(61), sent({ status: 503 })],
  ],
  [
    'stale-if-error: no answer against must-revalidate',
    [sent(cc('max-age=60, stale-if-error=30, must-revalidate')), wait(61), sent('cut', {}, { fails: true })],
  ],
  [
    'stale-if-error of the request',
    [
      sent(cc('max-age=60')),
      wait(80),
      sent({ status: 503 }, { fields: { 'cache-control': 'stale-if-error=30' } }, { status: 200, body: 1 }),
    ],
  ],
  ['no answer, and nothing said', [sent(cc('max-age=60')), wait(61), sent('cut', {}, { fails: true })]],
  [
    'no answer, and told to go on',
    [sent(cc('max-age=60')), wait(61), sent('cut', {}, { body: 1 })],
    { disconnected: 'serve-stale' },
  ],
  [
    'no answer, told to go on, no-cache',
    [sent(cc('no-cache', { etag: '"a"' })), sent('cut', {}, { fails: true })],
    { disconnected: 'serve-stale' },
  ],
  [
    'an error does not take the place of what is stored',
    [
      sent(cc('max-age=60, stale-if-error=600')),
      wait(100),
      sent({ status: 503 }, {}, { status: 200, body: 1 }),
      sent({ status: 503 }, {}, { status: 200, body: 1 }),
    ],
  ],
]

const guessing = (rows: readonly Row[]) =>
  rows.map(([name, steps, options]): Row => [name, steps, { heuristicFraction: 0.1, ...options }])
cacheTable(server, 'freshness', guessing(freshness))
cacheTable(server, 'guessing', [
  [
    'not unless told',
    [sent({ fields: date => ({ 'last-modified': date(-10 * day) }) }), wait(1), sent({ status: 304 })],
  ],
])
cacheTable(server, 'storing', storing)
cacheTable(server, 'asking', asking)
cacheTable(server, 'stale', stale)
