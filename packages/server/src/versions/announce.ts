// What every answer says of versions: which one it speaks, and how long it will. RFC 9745 (Deprecation), RFC 8594
// (Sunset), RFC 5829 (successor-version).
import { formatDate, formatLinks, type Link } from '@comity/http'
import { majorOf } from '../define/names.ts'
import type { Answer } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { VersionModel } from './view.ts'

/** The section of the changelog that says how to leave a version, as a path. */
export const changelogOf = (x: Exchange, { number }: VersionModel): string =>
  `${x.incoming.prefix()}/changelog#v${number}`

/** Where the same thing is in the newest version. */
export function successorOf(x: Exchange, { successor }: VersionModel): string {
  if (successor !== undefined) return successor
  const { place, path } = x.target
  const root = `${x.incoming.prefix()}/v${majorOf(x.runtime.model.version)}`
  if (place.kind === 'service') return `${root}/${place.service.name}`
  if (place.kind === 'job') return root + path
  if (!('collection' in place)) return root
  const { collection, parent } = place
  const above = collection.parent && parent !== undefined ? [collection.parent.name, parent] : []
  const below = place.kind === 'item' ? [place.id] : place.kind === 'file' ? [place.name] : []
  return [root, ...[...above, collection.name, ...below].map(encodeURIComponent)].join('/')
}

function linksOf(x: Exchange, version: VersionModel): readonly Link[] {
  const link = (target: string, rel: string): Link => ({ target, rel: [rel], params: {} })
  const changelog = changelogOf(x, version)
  return [
    link(successorOf(x, version), 'successor-version'),
    ...(version.deprecated === undefined ? [] : [link(changelog, 'deprecation')]),
    ...(version.sunset === undefined ? [] : [link(changelog, 'sunset')]),
  ]
}

/** An answer with what it says of versions. One that says so already is left as it is. */
export function announced(x: Exchange, answer: Answer): Answer {
  if (answer.fields['api-version'] !== undefined) return answer
  const { model } = x.runtime
  const { version } = x
  const fields: Record<string, string> = { ...answer.fields, 'api-version': version?.number ?? majorOf(model.version) }
  if (model.versions.size > 0 && x.target.versionPath === '') fields.vary = varying(fields.vary)
  if (version !== undefined) {
    const { deprecated, sunset } = version
    const links = formatLinks(linksOf(x, version))
    fields.link = fields.link === undefined ? links : `${fields.link}, ${links}`
    // RFC 9745 §2.1: a structured date, in seconds.
    if (deprecated !== undefined) fields.deprecation = `@${Math.floor(deprecated / 1000)}`
    if (sunset !== undefined) fields.sunset = formatDate(sunset)
  }
  return { ...answer, fields }
}

/** Accept-Encoding stays last, where it is added to every other. */
function varying(vary: string | undefined): string {
  const names = vary === undefined ? [] : vary.split(', ')
  const coding = names.at(-1) === 'accept-encoding' ? names.splice(-1) : []
  return [...names, 'api-version', ...coding].join(', ')
}
