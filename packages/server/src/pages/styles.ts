// The one style sheet of all pages. Colours keep a contrast of 4.5 and more in both schemes (WCAG 2.2 §1.4.3).

export const styles = `
:root {
  color-scheme: light dark;
  --page: #fff; --soft: #f5f7fa; --line: #dfe4ea; --text: #1b2430; --quiet: #566373; --link: #0b57a4; --accent: #0b57a4;
  --get: #0a6638; --post: #0b57a4; --put: #8a4b00; --patch: #6b2fa3; --delete: #b3201f; --query: #0c6470; --other: #566373;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c; --soft: #19212b; --line: #2c3744; --text: #e3e9f0; --quiet: #9dabba; --link: #82bdf7; --accent: #82bdf7;
    --get: #6fd39b; --post: #82bdf7; --put: #f0b35f; --patch: #c9a2f2; --delete: #ff9a94; --query: #6fd0dc; --other: #9dabba;
  }
}
*, *::before, *::after { box-sizing: border-box }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100% }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth } }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.6 var(--sans); overflow-wrap: break-word }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; text-wrap: balance }
h1 { font-size: clamp(1.9rem, 1.4rem + 2vw, 2.6rem); letter-spacing: -.02em }
h2 { font-size: 1.6rem; letter-spacing: -.01em }
h3 { font-size: 1.1rem; margin: 2rem 0 .75rem }
h4 { font-size: 1rem; font-weight: 600 }
p { margin: .5rem 0; max-width: 46rem }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px }
code, pre, var { font-family: var(--mono); font-size: .875em; font-style: normal }
pre { margin: 0; padding: .9rem 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; line-height: 1.55; tab-size: 2 }
pre code { font-size: .8125rem }
p > code, dd code, dt code, li > code, td code, th code { background: var(--soft); border-radius: 4px; padding: .1em .3em }
a code { color: inherit }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--page); z-index: 2 }
.skip:focus { left: 1rem; top: .5rem }
.bar { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line) }
.bar nav { display: flex; gap: .25rem; padding: 0 .65rem; max-width: 86rem; margin: 0 auto; overflow-x: auto }
.bar.narrow nav { max-width: 54rem }
.bar a { padding: .8rem .6rem; color: var(--quiet); text-decoration: none; font-size: .925rem; white-space: nowrap }
.bar a:hover { color: var(--text) }
.bar a[aria-current] { color: var(--text); font-weight: 600; box-shadow: inset 0 -2px var(--accent) }
.bar a:focus-visible { outline-offset: -4px }
.alone { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem }
.with-aside { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 86rem; margin: 0 auto; padding: 0 1.25rem 5rem }
.with-aside > main { min-width: 0; padding-top: 1.5rem }
.contents { font-size: .875rem; border-bottom: 1px solid var(--line); padding: .5rem 0 }
.contents h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--quiet); margin: 1.25rem 0 .35rem }
.contents ul { list-style: none; margin: 0; padding: 0 }
.contents ul ul { margin: 0 0 .6rem }
.contents a { display: block; padding: .2rem 0; color: var(--text); text-decoration: none; line-height: 1.4 }
.contents ul ul a { color: var(--quiet); display: flex; gap: .5rem; align-items: baseline }
.contents a:hover { color: var(--link); text-decoration: underline }
.contents .method { flex: none; width: 3.4rem; font-size: .625rem; padding: .1rem 0; text-align: center }
@media (max-width: 61.99rem) {
  .contents ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem }
  .contents ul ul { display: none }
}
@media (min-width: 62rem) {
  .with-aside { grid-template-columns: 17rem minmax(0, 1fr); gap: 3rem }
  .with-aside > main { padding-top: 2.5rem }
  .contents { position: sticky; top: 3.2rem; max-height: calc(100vh - 3.2rem); overflow-y: auto; align-self: start; border: 0; padding: 2rem .5rem 2rem 0; scrollbar-width: thin }
}
.hero { padding-bottom: 1rem }
.eyebrow { margin: 0 0 .35rem; color: var(--quiet); font-size: .875rem; font-weight: 600 }
.lead { font-size: 1.15rem; color: var(--quiet); line-height: 1.5; margin-top: .6rem }
.note { color: var(--quiet); font-weight: 400; font-size: .875rem }
h2 .note { font-size: 1.1rem }
.where { color: var(--quiet) }
.actions { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; margin-top: 1.25rem }
.button { display: inline-block; padding: .5rem 1rem; border-radius: 8px; background: var(--accent); color: var(--page); text-decoration: none; font-weight: 600 }
.button:hover { text-decoration: underline }
.alone section { margin-top: 2.5rem }
.alone section > h2 { font-size: 1.2rem; margin-bottom: .75rem }
.resource, .guide { margin-top: 3.5rem; padding-top: 2.5rem; border-top: 1px solid var(--line) }
.anchor { margin-left: .4em; color: var(--quiet); text-decoration: none; font-weight: 400; opacity: 0 }
:hover > .anchor, .anchor:focus-visible { opacity: 1 }
.path var { color: var(--accent) }
.callout { border-left: 3px solid var(--put); padding: .5rem 1rem; background: var(--soft); border-radius: 0 8px 8px 0 }
.method { --tone: var(--other); display: inline-block; font: 700 .7rem/1.5 var(--mono); letter-spacing: .02em; padding: .1rem .45rem; border-radius: 5px; color: var(--tone); background: color-mix(in srgb, var(--tone) 11%, var(--page)); border: 1px solid color-mix(in srgb, var(--tone) 32%, var(--page)) }
.method-get { --tone: var(--get) } .method-post { --tone: var(--post) } .method-put { --tone: var(--put) }
.method-patch { --tone: var(--patch) } .method-delete { --tone: var(--delete) } .method-query { --tone: var(--query) }
.methods { display: flex; flex-wrap: wrap; gap: .3rem }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .6rem .9rem; border-top: 1px solid var(--line) }
thead th { border-top: 0; background: var(--soft); font-size: .8rem; color: var(--quiet); font-weight: 600; white-space: nowrap }
tbody th { font-weight: 600; white-space: nowrap }
td { min-width: 8rem }
td p { margin: .15rem 0 0; color: var(--quiet) }
.operation { border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 1.1rem 0; scroll-margin-top: 4rem }
.operation:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent) }
.operation h4 { display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: center }
.operation h4 .path { font-size: .95rem }
.operation .summary { font-weight: 600; margin-top: .7rem }
.exchange { display: grid; gap: .9rem; margin: 1rem 0; align-items: start; grid-template-columns: minmax(0, 1fr) }
@media (min-width: 76rem) { .exchange { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } }
figure { margin: 0 }
figure pre { max-height: 26rem }
figcaption { font-size: .75rem; color: var(--quiet); font-weight: 600; margin-bottom: .3rem }
.head { color: var(--quiet) }
.parameters { margin: .75rem 0; font-size: .9rem }
.parameters > div { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; padding: .45rem 0; border-top: 1px solid var(--line) }
@media (min-width: 40rem) { .parameters > div { grid-template-columns: 14rem minmax(0, 1fr) } }
dt { font-weight: 600 }
dd { margin: 0 }
dd p { margin: 0 }
details { margin: .75rem 0; font-size: .9rem }
summary { cursor: pointer; color: var(--link) }
details figure { margin: .75rem 0 0 }
.statuses { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem .5rem; padding: .8rem 0 0; margin: .8rem 0 0; border-top: 1px solid var(--line); font-size: .85rem }
.statuses li { border: 1px solid var(--line); border-radius: 6px; padding: .15rem .5rem }
.statuses .any { border-color: transparent }
.code { font: 700 .8rem var(--mono) }
.status-2 .code { color: var(--get) } .status-3 .code { color: var(--query) } .status-4 .code { color: var(--put) } .status-5 .code { color: var(--delete) }
.guide > ul, .plain { padding-left: 1.2rem }
.guide pre { margin: .9rem 0 }
.guide .statuses { padding-left: 0; border: 0; margin: 0 }
.crumbs { font-size: .9rem; margin-bottom: 1.5rem }
.status { color: var(--quiet); font-weight: 600; margin: 0 0 .4rem }
.status span { font: 700 .95rem var(--mono); border: 1px solid currentColor; border-radius: 5px; padding: .1rem .4rem; margin-right: .35rem }
.status-4 > span:first-child { color: var(--put) } .status-5 > span:first-child { color: var(--delete) }
.cure { border-left: 3px solid var(--get); padding: .2rem 0 .2rem 1.1rem }
.said > div, .facts > div { padding: .5rem 0; border-top: 1px solid var(--line) }
.said dt, .facts dt { font-size: .8rem; color: var(--quiet) }
.cards { list-style: none; padding: 0; margin: .75rem 0; display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)) }
.cards > li { border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1.1rem }
.cards > li > a { text-decoration: none; display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline }
.cards > li > a:hover strong { text-decoration: underline }
.cards a code { color: var(--quiet) }
.cards p { font-size: .9rem; color: var(--quiet); margin: .4rem 0 0 }
.nested { padding-top: .4rem; border-top: 1px solid var(--line) }
.alone.broad { max-width: 86rem; padding-top: 1.5rem }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem .5rem; margin: 0; padding: 0 }
.crumbs li { min-width: 0; overflow-wrap: anywhere }
.crumbs li + li::before { content: "/"; color: var(--quiet); margin-right: .5rem }
.crumbs [aria-current] { color: var(--quiet) }
.title { margin-bottom: 1.5rem }
.title h1 { overflow-wrap: anywhere }
.broad .crumbs { margin-bottom: 1.25rem }
.list caption { text-align: left; padding: .6rem .9rem; font-size: .8rem; color: var(--quiet) }
.list thead th { border-top: 1px solid var(--line) }
.list thead a { color: inherit; text-decoration: none; display: inline-block; padding: .15rem 0 }
.list thead a:hover { color: var(--link); text-decoration: underline }
.list th[aria-sort] { color: var(--text) }
.list td { min-width: 5rem; max-width: 32rem; overflow-wrap: break-word }
.list tbody tr:hover { background: var(--soft) }
.list tbody th { font-weight: 400 }
.list .id { display: inline-block; max-width: 9.5rem; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; white-space: nowrap }
.list .id:focus, .list .id:hover { max-width: none }
.list time, .list tbody th { font-variant-numeric: tabular-nums; white-space: nowrap }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.nothing { text-align: center; color: var(--quiet); padding: 2.5rem 1rem }
.none { color: var(--quiet) }
.lines { white-space: pre-line }
.record { margin: 0; border: 1px solid var(--line); border-radius: 10px }
.record > div { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; padding: .6rem 1.1rem; border-top: 1px solid var(--line) }
.record > div:first-child { border-top: 0 }
.record > div > dt { color: var(--quiet); font-weight: 400; font-size: .9rem }
.record dd { min-width: 0; overflow-wrap: anywhere }
@media (min-width: 40rem) { .record > div { grid-template-columns: 13rem minmax(0, 1fr) } .record > div > dt { font-size: 1rem } }
.inner { margin: 0; padding-left: 1.2rem }
dl.inner { padding-left: 0 }
dl.inner > div { display: flex; flex-wrap: wrap; gap: 0 .6rem }
dl.inner dt { font-weight: 400; color: var(--quiet) }
dl.inner dd { min-width: 0 }
.related, .formats { margin-top: 2rem }
.related h2 { font-size: 1.1rem; margin-bottom: .4rem }
.formats { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .875rem }
.formats h2 { font-size: inherit; color: var(--quiet); font-weight: 400; letter-spacing: 0 }
.formats ul, .pages ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; margin: 0; padding: 0 }
.pages { margin-top: 1rem }
.pages a { display: inline-block; padding: .35rem 0 }
.sign-in { max-width: 28rem; margin: 0 auto }
.sign-in form { margin-top: 1.5rem }
.sign-in label { display: block; font-size: .9rem; font-weight: 600; margin-bottom: .2rem }
.sign-in input { width: 100%; min-height: 2.6rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--other); border-radius: 8px; padding: .4rem .7rem }
.sign-in input[aria-invalid] { border-color: var(--delete) }
.sign-in p { margin: .9rem 0 }
.sign-in .wrong { color: var(--delete); font-weight: 600 }
.button.second { background: transparent; color: var(--link); box-shadow: inset 0 0 0 1px var(--line) }
.filter { margin: 0 0 1rem }
.filter form { display: grid; gap: .75rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 12rem), 1fr)); align-items: end; background: var(--soft); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; margin-top: .6rem }
.filter p { margin: 0 }
.filter label { display: block; font-size: .8rem; color: var(--quiet) }
.filter input, .filter select { width: 100%; min-height: 2.4rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--other); border-radius: 6px; padding: .3rem .5rem }
button.button { font: inherit; font-weight: 600; border: 0; cursor: pointer }
.status data { font: 700 .95rem var(--mono); border: 1px solid currentColor; border-radius: 5px; padding: .1rem .4rem; margin-right: .35rem }
.status-4 > data { color: var(--put) } .status-5 > data { color: var(--delete) }
.faults li { margin: .3rem 0 }
@media print {
  .bar, .contents, .anchor, .filter, .pages, .formats { display: none }
  .operation, tr, .record > div { break-inside: avoid }
  .scroll { overflow: visible; border: 0 }
  thead { display: table-header-group }
}
`
