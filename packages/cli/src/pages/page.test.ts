import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodePage } from './decode.ts'
import { imagesOf } from './images.ts'
import { linksOf } from './links.ts'
import { Names, withEnding } from './names.ts'
import { parsePage } from './page.ts'
import { urlsOfStyle } from './style.ts'

const at = 'https://h.example/dir/page.html?q#f'
const images = (html: string, sizes?: 'all' | 'largest') =>
  imagesOf(parsePage(html, at), sizes).images.map(({ url }) => url)

describe('the images of a page', () => {
  const h = 'https://h.example'
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['img', '<img src=a.png><IMG SRC="/b.png">', [`${h}/dir/a.png`, `${h}/b.png`]],
    ['each once, fragments aside', '<img src=a.png><img src=a.png#x>', [`${h}/dir/a.png`]],
    ['character references and spaces', '<img src=" a.png?x=1&amp;y=2 ">', [`${h}/dir/a.png?x=1&y=2`]],
    ['base', '<base href=/files/><base href=/no/><img src=a.png>', [`${h}/files/a.png`]],
    [
      'base of another host, after what it holds for',
      '<img src=a.png><base href="//i.example/x">',
      ['https://i.example/a.png'],
    ],
    ['a base that is no http', '<base href="javascript:0"><img src=a.png>', [`${h}/dir/a.png`]],
    [
      'srcset, with commas in a URL',
      '<img srcset="a,b.png 1x, c.png 2x,d.png 3x" src=e.png>',
      [`${h}/dir/e.png`, `${h}/dir/a,b.png`, `${h}/dir/c.png`, `${h}/dir/d.png`],
    ],
    [
      'picture',
      '<picture><source srcset="a.avif, b.avif 2x"><img src=c.png></picture>',
      [`${h}/dir/a.avif`, `${h}/dir/b.avif`, `${h}/dir/c.png`],
    ],
    [
      'no source of a video, but its poster',
      '<video poster=p.png><source src=a.mp4 srcset=x.png></video>',
      [`${h}/dir/p.png`],
    ],
    [
      'style attributes and elements',
      `<style>a{background:url(a.png)}</style><p style="background:url('b.png')">`,
      [`${h}/dir/a.png`, `${h}/dir/b.png`],
    ],
    [
      'noscript and late loading',
      '<img data-src=a.png><noscript><img src=b.png></noscript>',
      [`${h}/dir/a.png`, `${h}/dir/b.png`],
    ],
    [
      'icons and previews',
      '<link rel="shortcut icon" href=/f.ico><meta property=og:image content=/o.png>',
      [`${h}/f.ico`, `${h}/o.png`],
    ],
    [
      'svg',
      '<svg><image xlink:href=a.png /><image href=b.png /><use href="#c"/></svg>',
      [`${h}/dir/a.png`, `${h}/dir/b.png`],
    ],
    [
      'input, body, object',
      '<body background=a.png><input type=image src=b.png><object type=image/png data=c.png>',
      [`${h}/dir/a.png`, `${h}/dir/b.png`, `${h}/dir/c.png`],
    ],
    ['what holds itself', '<img src="data:image/gif;base64,AA==">', ['data:image/gif;base64,AA==']],
    [
      'none that are no images',
      '<img src><img src="javascript:1"><img src="file:///etc/passwd"><img src="http://[">',
      [],
    ],
    [
      'none in comments, scripts and templates',
      '<!--<img src=a>--><script>"<img src=b>"</script><template><img src=c></template>',
      [],
    ],
  ]
  for (const [name, html, expected] of rows) it(name, () => assert.deepEqual(images(html), expected))

  it('may be the largest only', () => {
    const html = '<img srcset="a.png 100w, b.png 300w, c.png 200w"><img srcset="d.png, e.png 2x">'
    assert.deepEqual(images(html, 'largest'), [`${h}/dir/b.png`, `${h}/dir/e.png`])
  })
  it('may be in style sheets', () => {
    const html = '<link rel="alternate stylesheet" href=a.css#x><style>@import "b.css" screen;</style>'
    assert.deepEqual(imagesOf(parsePage(html, at)).styleSheets, [`${h}/dir/a.css`, `${h}/dir/b.css`])
  })
  it('are found in a page that is nested deeply', () => {
    assert.deepEqual(images(`${'<b>'.repeat(20_000)}<img src=a.png>`), [`${h}/dir/a.png`])
  })
})

describe('the addresses in a style sheet', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['a{background:url(a.png) , URL( "b.png" )}', ['a.png', 'b.png'], []],
    [String.raw`a{background:url(a\20 b.png)}`, ['a b.png'], []],
    ['/* url(a.png) */ a{content:"url(b.png)"}', [], []],
    ['@import url(a.css) layer(x); @import "b.css"; a{background:url(c.png)}', ['c.png'], ['a.css', 'b.css']],
    ['@font-face{font-family:x;src:url(a.woff2)} a{background:url(b.png)}', ['b.png'], []],
    ['@namespace url(http://www.w3.org/1999/xhtml); a{mask:url(b.svg)}', ['b.svg'], []],
    ['a{background:image-set("a.png" 1x, url(b.png) 2x type("image/png"))}', ['a.png', 'b.png'], []],
    ['a{background:url(a.png', ['a.png'], []],
    ['@media print{a{background:url(a.png)}}', ['a.png'], []],
  ]
  for (const [css, found, imports] of rows)
    it(css, () => assert.deepEqual(urlsOfStyle(css), { images: found, imports }))
})

describe('the links of a page', () => {
  const html = `<title>T</title><a href="b.html"> To <b>B</b></a><a href=b.html>again</a><a href="#top">up</a>
<a href="//o.example/"><img src=x.png alt=Other></a><a href="mailto:a@b.example" rel="me">mail</a><a name=x>no</a>
<map><area href=/map alt=Map></map><link rel=stylesheet href=s.css><form action=/search></form>`
  it('are those that a reader follows', () => {
    const found = linksOf(parsePage(html, at)).map(({ url, text, kind }) => [url, text, kind])
    assert.deepEqual(found, [
      ['https://h.example/dir/b.html', 'To B', 'same-site'],
      ['https://h.example/dir/page.html?q#top', 'up', 'fragment'],
      ['https://o.example/', 'Other', 'other-site'],
      ['mailto:a@b.example', 'mail', 'other'],
      ['https://h.example/map', 'Map', 'same-site'],
    ])
  })
  it('may be all that it names', () => {
    const found = linksOf(parsePage(html, at), 'all').map(({ from }) => from)
    assert.deepEqual(found.slice(-2), ['link href', 'form action'])
  })
})

describe('the encoding of a page', () => {
  const rows: readonly (readonly [string, readonly number[] | string, string])[] = [
    ['by its mark', [0xef, 0xbb, 0xbf, 0xc3, 0xa9], 'text/html; charset=latin1'],
    ['by Content-Type', [0xe9], 'text/html; Charset="ISO-8859-1"'],
    ['as it says of itself', '<meta charset=iso-8859-1>\u00e9', 'text/html'],
    ['UTF-8 where it is that', [0xc3, 0xa9], 'text/html'],
    ['Western where it is not', [0xe9], ''],
    ['whatever unknown name it is given', [0xc3, 0xa9], 'text/html; charset=nonsense'],
  ]
  for (const [name, given, type] of rows)
    it(name, () => {
      const bytes = typeof given === 'string' ? Buffer.from(given, 'latin1') : Uint8Array.from(given)
      assert.equal(decodePage(bytes, type).replace(/<.*>/, ''), 'é')
    })
})

describe('names for what is saved', () => {
  it('are unique, also where capitals make no difference', () => {
    const names = new Names()
    const given = ['a.png', 'A.PNG', 'a.png', 'a-2.png', 'b', 'b', '.x']
    assert.deepEqual(
      given.map(name => names.take(name)),
      ['a.png', 'A-2.PNG', 'a-3.png', 'a-2-2.png', 'b', 'b-2', '.x'],
    )
  })
  it('end as their type says, where they have no ending', () => {
    const rows = [
      ['photo', 'image/jpeg'],
      ['photo.png', 'image/jpeg'],
      ['photo', 'image/x-unknown'],
      ['v1.2 final', 'image/png'],
    ] as const
    assert.deepEqual(
      rows.map(([name, type]) => withEnding(name, type)),
      ['photo.jpg', 'photo.png', 'photo', 'v1.2 final.png'],
    )
  })
})
