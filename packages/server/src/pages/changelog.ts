// What changed from version to version, and how to move on: written from the modules of the older versions.
import { majorOf } from '../define/names.ts'
import type { ApiModel } from '../model/model.ts'
import type { VersionModel } from '../versions/view.ts'
import { type Html, html, phrase } from './html.ts'
import { type PageBase, page } from './layout.ts'

/** A version that is, or was, served; what `changes` tell came with the `next` one. */
export type ChangelogEntry = {
  readonly version: string
  readonly status: 'current' | VersionModel['status']
  readonly href: string
  readonly deprecated?: string
  readonly sunset?: string
  readonly successor?: string
  readonly notes?: string
  readonly next?: string
  readonly changes?: VersionModel['history']
}

export type ChangelogDocument = {
  readonly title: string
  readonly version: string
  /** The newest first. */
  readonly versions: readonly ChangelogEntry[]
}

/** Where the API is served, whichever version's page asks. */
export function rootOf(model: ApiModel, { url, path }: PageBase): PageBase {
  const older = model.older()
  if (older === undefined) return { url, path }
  const length = older.number.length + 2
  return { url: url.slice(0, -length), path: path.slice(0, -length) }
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** The versions, for programs. */
export function changelogDocument(model: ApiModel, base: PageBase): ChangelogDocument {
  const { url } = rootOf(model, base)
  const newest = newestOf(model)
  const entries = [...model.versions.values()].map(version => {
    const { number, status, deprecated, sunset, successor, notes, next, history } = version
    return {
      version: number,
      status,
      href: `${url}/v${number}`,
      ...(deprecated !== undefined && { deprecated: day(deprecated) }),
      ...(sunset !== undefined && { sunset: day(sunset) }),
      successor: successor ?? `${url}/v${majorOf(newest)}`,
      ...(notes !== undefined && { notes }),
      next,
      changes: history,
    }
  })
  const current = { version: majorOf(newest), status: 'current' as const, href: `${url}/v${majorOf(newest)}` }
  return { title: model.title, version: newest, versions: [current, ...entries] }
}

const newestOf = (model: ApiModel): string => model.newestVersion ?? model.version

/** The versions, for people. */
export function changelogPage(model: ApiModel, base: PageBase): string {
  const root = rootOf(model, base)
  const { versions, version } = changelogDocument(model, base)
  const older = versions.filter(({ status }) => status !== 'current')
  const main = html`
<header class="hero"><p class="eyebrow">Version ${version}</p><h1>Changelog</h1>
<p class="lead">What changed between the versions of ${model.title}, and how to move on from an older one.</p></header>
<section aria-labelledby="v${majorOf(version)}"><h2 id="v${majorOf(version)}">Version ${majorOf(version)}</h2>
<p>The newest. It is what answers where no version is asked for, and at <code>${root.path}/v${majorOf(version)}/…</code>: <a href="${root.path}/docs">its documentation</a>.</p></section>
${older.map(entry => section(entry, root))}
${older.length === 0 && html`<p>There is no other version.</p>`}`
  return page({ title: `${model.title}: changelog`, base: root, language: 'en', current: 'changelog', main })
}

const standing: Readonly<Record<ChangelogEntry['status'], string>> = {
  current: 'is the newest',
  supported: 'is served as well as the newest',
  deprecated: 'is deprecated: it is still served, and will not be for ever',
  retired: 'is not served any more: it is answered 410',
}

function section(entry: ChangelogEntry, { path }: PageBase): Html {
  const { version, status, deprecated, sunset, successor, notes, next, changes = [] } = entry
  const told = changes.filter(one => one.changes.length > 0)
  return html`
<section aria-labelledby="v${version}"><h2 id="v${version}">Version ${version} <a class="anchor" href="#v${version}" aria-label="Link to version ${version}">#</a></h2>
<p>Version ${version} ${standing[status]}.${status !== 'retired' && html` <a href="${path}/v${version}/docs">Its documentation</a>.`}</p>
<dl class="facts">${deprecated !== undefined && html`<div><dt>Deprecated since</dt><dd>${deprecated}</dd></div>`}
${sunset !== undefined && html`<div><dt>${status === 'retired' ? 'Served until' : 'Served at least until'}</dt><dd>${sunset}</dd></div>`}
${successor !== undefined && html`<div><dt>Go to</dt><dd><a href="${successor}">${successor}</a></dd></div>`}</dl>
${notes !== undefined && html`<p>${phrase(notes)}</p>`}
<h3 id="v${version}:changes">What changed with version ${next}</h3>
${told.map(one => html`<h4><code>${one.resource}</code></h4><ul>${one.changes.map(change => html`<li>${phrase(change)}</li>`)}</ul>`)}
${told.length === 0 && html`<p>No resource.</p>`}
<h3 id="v${version}:migrate">How to move on</h3>
<ol><li>Send and read what the list above says, in the names of version ${next}.</li>
<li>Ask for <code>${path}/v${next}/…</code>, or send <code>API-Version: ${next}</code>. Ids, and what is stored, are the same in every version.</li>
<li>ETags of either version are good for <code>If-Match</code> in the other; what was kept of an answer is not an answer of another version.</li></ol></section>`
}
