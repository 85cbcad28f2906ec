import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linear, processorTime } from './fixtures/processor.ts'
import { allowAll, disallowAll, isAllowed, parseRobots, productToken } from './robots.ts'

const may = (text: string, agent: string, path: string): boolean =>
  isAllowed(parseRobots(text, agent), `https://a.example${path}`).allowed

// RFC 9309 §5.1
const simple = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`
// RFC 9309 §5.2
const longest = 'User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n'

const rows: readonly (readonly [string, string, string, string, boolean])[] = [
  ['§5.1: everybody, a gif', simple, 'other', '/a/b.gif', false],
  ['§5.1: everybody, no gif', simple, 'other', '/a/b.gif?x', true],
  ['§5.1: everybody, below', simple, 'other', '/example/x', false],
  ['§5.1: everybody, publications', simple, 'other', '/publications/x', true],
  ['§5.1: foobot, a page', simple, 'FooBot', '/example/page.html', true],
  ['§5.1: foobot, a gif', simple, 'foobot', '/example/allowed.gif', true],
  ['§5.1: foobot, the rest', simple, 'foobot', '/publications/', false],
  ['§5.1: barbot', simple, 'barbot', '/example/page.html', false],
  ['§5.1: bazbot', simple, 'bazbot', '/example/page.html', false],
  ['§5.1: bazbot, a gif', simple, 'bazbot', '/x.gif', true],
  ['§5.1: quxbot has an empty group', simple, 'quxbot', '/example/page.html', true],
  ['§5.2: the longest wins', longest, 'foobot', '/example/page/disallowed.gif', false],
  ['§5.2: the shorter alone', longest, 'foobot', '/example/page/x.gif', true],
  [
    '§2.2.1: groups are merged',
    'user-agent: a\nallow: /a\nuser-agent: b\ndisallow: /\nuser-agent: a\ndisallow: /',
    'a',
    '/a',
    true,
  ],
  [
    '§2.2.1: groups are merged, the rest',
    'user-agent: a\nallow: /a\nuser-agent: b\ndisallow: /\nuser-agent: a\ndisallow: /',
    'a',
    '/c',
    false,
  ],
  ['§2.2.1: two groups of everybody', 'user-agent: *\ndisallow: /a\nuser-agent: *\ndisallow: /b', 'x', '/a', false],
  [
    '§2.2.1: an own group goes before everybody',
    'user-agent: *\ndisallow: /\nuser-agent: a\nallow: /x',
    'a',
    '/y',
    true,
  ],
  ['§2.2.1: a version is not part of the token', 'user-agent: ExampleBot/1.2\ndisallow: /', 'examplebot', '/', false],
  ['§2.2.1: a longer token is another', 'user-agent: examplebot-news\ndisallow: /', 'examplebot', '/', true],
  ['no group at all', 'disallow: /', 'a', '/', true],
  ['§2.2.2: case counts in paths', 'user-agent: *\ndisallow: /A', 'a', '/a', true],
  ['§2.2.2: alike, allow wins', 'user-agent: *\ndisallow: /p\nallow: /p', 'a', '/page', true],
  ['§2.2.2: robots.txt itself', 'user-agent: *\ndisallow: /', 'a', '/robots.txt', true],
  ['§2.2.2: an empty disallow', 'user-agent: *\ndisallow:', 'a', '/', true],
  ['§2.2.2: letters beyond ASCII', 'user-agent: *\ndisallow: /foo/bar/ツ', 'a', '/foo/bar/%E3%83%84', false],
  ['§2.2.2: and encoded', 'user-agent: *\ndisallow: /foo/bar/%e3%83%84', 'a', '/foo/bar/ツ', false],
  ['§2.2.2: unreserved characters encoded', 'user-agent: *\ndisallow: /foo/bar/%62%61%7A', 'a', '/foo/bar/baz', false],
  ['§2.2.2: reserved characters stay apart', 'user-agent: *\ndisallow: /a%2Fb', 'a', '/a/b', true],
  [
    '§2.2.2: a query',
    'user-agent: *\ndisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar',
    'a',
    '/foo/bar?baz=https%3A%2F%2Ffoo.bar',
    false,
  ],
  ['§2.2.3: a star in the middle', 'user-agent: *\ndisallow: /this/*/exactly', 'a', '/this/is/exactly/it', false],
  ['§2.2.3: a star may be nothing', 'user-agent: *\ndisallow: /a*b', 'a', '/ab', false],
  ['§2.2.3: the end', 'user-agent: *\nallow: /this/path/exactly$\ndisallow: /', 'a', '/this/path/exactly', true],
  ['§2.2.3: not the end', 'user-agent: *\nallow: /this/path/exactly$\ndisallow: /', 'a', '/this/path/exactly2', false],
  ['§2.2.3: a star and the end overlap', 'user-agent: *\ndisallow: /ab*b$', 'a', '/ab', true],
  ['§2.2.3: the last of several', 'user-agent: *\ndisallow: /*.php$', 'a', '/x.php/y.php', false],
  [
    '§2.2.3: a literal star',
    'user-agent: *\ndisallow: /path/file-with-a-%2A.html',
    'a',
    '/path/file-with-a-*.html',
    false,
  ],
  [
    '§2.2.3: a literal star is no pattern',
    'user-agent: *\ndisallow: /path/file-with-a-%2A.html',
    'a',
    '/path/file-with-a-b.html',
    true,
  ],
  ['§2.2.3: a literal dollar', 'user-agent: *\ndisallow: /path/foo-%24', 'a', '/path/foo-$', false],
  ['§2.2.3: a dollar in the middle', 'user-agent: *\ndisallow: /a$b', 'a', '/a$b', false],
  [
    '§2.2.4: a sitemap between user agents',
    'user-agent: a\nsitemap: https://x/\nuser-agent: b\ndisallow: /',
    'a',
    '/',
    false,
  ],
  ['a BOM', '\ufeffuser-agent: *\ndisallow: /', 'a', '/', false],
  ['CR alone', 'user-agent: *\rdisallow: /', 'a', '/', false],
  ['CRLF, space and comments', '  User-Agent :  a  # me\r\n# no\r\nDisallow : /x # why\r\n', 'a', '/x', false],
  ['a line that is none', 'user-agent: *\nwhat is this\ndisallow: /', 'a', '/', false],
]
for (const [name, text, agent, path, expected] of rows) {
  test(`robots: ${name}`, () => assert.equal(may(text, agent, path), expected))
}

test('robots: the rule that decided is told', () => {
  const robots = parseRobots(longest, 'foobot')
  const { rule } = isAllowed(robots, 'https://a.example/example/page/disallowed.gif')
  assert.deepEqual(rule, { kind: 'disallow', pattern: '/example/page/disallowed.gif' })
})

test('robots: crawl delay and sitemaps', () => {
  const text =
    'sitemap: https://a.example/s.xml\nuser-agent: *\ncrawl-delay: 10\nuser-agent: a\ncrawl-delay: 0.5\nallow: /'
  assert.equal(parseRobots(text, 'b').crawlDelay, 10)
  assert.equal(parseRobots(text, 'a').crawlDelay, 0.5)
  assert.equal(parseRobots('user-agent: a\ncrawl-delay: 2.5\ndisallow: /x', 'a').crawlDelay, 2.5)
  assert.equal(parseRobots('user-agent: a\ncrawl-delay: soon', 'a').crawlDelay, undefined)
  assert.deepEqual(parseRobots(text, 'a').sitemaps, ['https://a.example/s.xml'])
})

test('robots: unavailable and unreachable', () => {
  assert.equal(isAllowed(allowAll, 'https://a.example/').allowed, true)
  assert.equal(isAllowed(disallowAll, 'https://a.example/').allowed, false)
  assert.equal(productToken('ExampleBot/0.1 (https://example.com/bot)'), 'examplebot')
})

test('robots: hostile files take linear time', () => {
  const started = processorTime()
  const text = `user-agent: *\ndisallow: /${'*a'.repeat(50_000)}$\n${'disallow: /%'.repeat(30_000)}`
  assert.equal(may(text, 'x', `/${'a'.repeat(20_000)}b`), true)
  assert.ok(processorTime() - started < linear)
})
