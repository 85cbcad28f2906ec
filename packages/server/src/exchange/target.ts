// What a request target names. A pure function of the URL, so it is remembered by URL.
import { sitePaths } from '../define/names.ts'
import type { FormName } from '../formats/format.ts'
import { forms } from '../formats/registry.ts'
import { idOfFile } from '../model/files.ts'
import type { ApiModel, CollectionModel, ResourceModel, ServiceModel } from '../model/model.ts'
import { readWords, type Word } from '../query/words.ts'
import type { VersionModel } from '../versions/view.ts'
import type { Kept } from './representation.ts'

export type PageName =
  | 'style'
  | 'entry'
  | 'openapi'
  | 'docs'
  | 'problems'
  | 'problem'
  | 'livez'
  | 'readyz'
  | 'changelog'
  | 'traces'
  | 'trace'

/** The thing a path names. */
export type Place =
  | { readonly kind: 'collection'; readonly collection: CollectionModel; readonly parent: string | undefined }
  | {
      readonly kind: 'item'
      readonly collection: CollectionModel
      readonly parent: string | undefined
      readonly id: string
    }
  | {
      readonly kind: 'file'
      readonly collection: CollectionModel
      readonly parent: string | undefined
      /** What the store calls it. */
      readonly id: string
      readonly name: string
    }
  | { readonly kind: 'service'; readonly service: ServiceModel }
  | { readonly kind: 'page'; readonly page: PageName; readonly name: string }
  | { readonly kind: 'jobs' }
  /** What a scheme of authentication answers by itself; `path` is without slashes at either end. */
  | { readonly kind: 'site'; readonly path: string }
  | { readonly kind: 'upload'; readonly id: string }
  | { readonly kind: 'job' | 'job-result'; readonly id: string }
  | { readonly kind: 'nothing' }
  /** The same place with a trailing slash. */
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'too-long' }

export type Target = {
  /** Path and query as sent, below the prefix. */
  readonly url: string
  /** The path without query, extension and version: where the resource lives. */
  readonly path: string
  /** `/v1` where the path named a version, else empty. */
  readonly versionPath: string
  /** The version asked for by path or `v=`; undefined: the newest. */
  readonly asked: string | undefined
  /** The older version that is meant; undefined: the newest. */
  readonly version: VersionModel | undefined
  readonly place: Place
  /** Format named by extension. */
  readonly extension: FormName | undefined
  readonly words: readonly Word[]
  /** What is wrong with the query string. */
  readonly wordsFault: string | undefined
  /** `always_success_code=true` */
  readonly statuses: 'honest' | 'always-success'
  /** What it is remembered by, where a field of the request says more than the URL. */
  readonly key?: string
  /** Names the part of what is there that its representations show; undefined: all of it. */
  readonly view?: string
  /** Representations built for this URL, by variant; see `variantOf`. */
  readonly kept: ReadonlyMap<number, Kept>
}

export const noneKept: Target['kept'] = new Map()
const extensions: readonly FormName[] = forms.map(({ name }) => name)

/**
 * Read a request target below the prefix (`/accounts/7?fields=id`). Never throws. `byField` is the version that a field
 * of the request names: it goes before `v=`, and after the path.
 */
export function readTarget(url: string, model: ApiModel, byField?: string): Target {
  if (url.length > model.limits.url) return tooLong
  const mark = url.indexOf('?')
  const rawPath = mark === -1 ? url : url.slice(0, mark)
  // It reads its query by itself, and has no versions.
  if (isSite(rawPath)) return { ...tooLong, url, path: rawPath, place: { kind: 'site', path: rawPath.slice(1) } }
  const query = readWords(mark === -1 ? '' : url.slice(mark + 1), model.limits)
  const words = query.kind === 'words' ? query.words : []
  const asked = words.find(({ name }) => name === 'v')?.value
  const located = locate(rawPath || '/', model, mark === -1 ? '' : url.slice(mark), byField ?? asked)
  return {
    url,
    ...located,
    asked: located.versionPath ? located.versionPath.slice(2) : asked,
    words,
    wordsFault: query.kind === 'malformed' ? query.detail : undefined,
    statuses: words.some(({ name, value }) => name === 'always_success_code' && value === 'true')
      ? 'always-success'
      : 'honest',
    kept: noneKept,
  }
}

/** Whatever its percent-encoding: nothing there has a name that needs any. */
function isSite(path: string): boolean {
  const end = path.indexOf('/', 1)
  return sitePaths.has(path.slice(1, end === -1 ? undefined : end)) && !path.endsWith('/')
}

const tooLong: Target = {
  url: '/',
  path: '/',
  versionPath: '',
  asked: undefined,
  version: undefined,
  place: { kind: 'too-long' },
  extension: undefined,
  words: [],
  wordsFault: undefined,
  statuses: 'honest',
  kept: noneKept,
}

type Located = Pick<Target, 'path' | 'versionPath' | 'version' | 'place' | 'extension'>

function locate(rawPath: string, model: ApiModel, search: string, asked: string | undefined): Located {
  const segments: string[] = []
  for (const raw of rawPath.slice(1).split('/')) {
    const segment = decode(raw)
    if (segment === undefined)
      return at({ kind: 'malformed', detail: `“${raw}” is not valid percent-encoded UTF-8` }, rawPath)
    segments.push(segment)
  }
  if (segments.length > 1 && segments.at(-1) === '') {
    // One trailing slash too many. Only a path that names something moves, so that `//host/` can lead nowhere.
    const stripped = rawPath.slice(0, -1)
    const { place, versionPath, version } = locate(stripped, model, '', asked)
    const known = place.kind !== 'nothing' && place.kind !== 'moved' && place.kind !== 'malformed'
    const moved = at(known ? { kind: 'moved', to: stripped + search } : { kind: 'nothing' }, rawPath)
    return { ...moved, versionPath, version }
  }
  const versioned = /^v[0-9]+$/.test(segments[0] ?? '')
  const versionPath = versioned ? `/${segments[0]}` : ''
  const rest = versioned ? segments.slice(1) : segments
  if (rest.length === 0) rest.push('')
  const version = model.versions.get(versioned ? versionPath.slice(2) : (asked ?? ''))
  const page = pageAt(rest)
  if (page) return { path: rawPath, versionPath, version, place: page, extension: undefined }
  const found = placeIn(rest, model, version)
  // What a file is called is its own affair, `.csv` and all.
  if (found.kind === 'file')
    return { path: rawPath.slice(versionPath.length), versionPath, version, place: found, extension: undefined }
  const last = rest.length - 1
  const extension = extensions.find(name => (rest[last] ?? '').endsWith(`.${name}`))
  if (extension) rest[last] = (rest[last] ?? '').slice(0, -extension.length - 1)
  const bare = extension ? rawPath.slice(0, -extension.length - 1) : rawPath
  return {
    path: versioned ? bare.slice(versionPath.length) : bare,
    versionPath,
    version,
    place: placeIn(rest, model, version),
    extension,
  }
}

const at = (place: Place, path: string): Located => ({
  path,
  versionPath: '',
  version: undefined,
  place,
  extension: undefined,
})

const placeIn = (segments: readonly string[], model: ApiModel, version: VersionModel | undefined): Place =>
  version ? newestPlace(placeAt(segments, version.model), version) : placeAt(segments, model)

/** A place of an older version is one of the newest, seen in another way. */
function newestPlace(place: Place, { newestOf }: VersionModel): Place {
  if (place.kind === 'service') return { ...place, service: newestOf.get(place.service) as ServiceModel }
  if (!('collection' in place)) return place
  return { ...place, collection: newestOf.get(place.collection) as CollectionModel }
}

function pageAt(segments: readonly string[]): Place | undefined {
  const [first, second] = segments
  if (segments.length === 2 && first === 'problems' && second) return { kind: 'page', page: 'problem', name: second }
  if (segments.length === 2 && first === 'docs' && second) return { kind: 'page', page: 'style', name: second }
  if (segments.length === 2 && first === 'traces' && second) return { kind: 'page', page: 'trace', name: second }
  if (segments.length !== 1) return
  const pages: Readonly<Record<string, PageName>> = {
    '': 'entry',
    'openapi.json': 'openapi',
    docs: 'docs',
    problems: 'problems',
    livez: 'livez',
    readyz: 'readyz',
    changelog: 'changelog',
    traces: 'traces',
  }
  const page = Object.hasOwn(pages, first ?? '') ? pages[first ?? ''] : undefined
  return page && { kind: 'page', page, name: '' }
}

function placeAt(segments: readonly string[], model: ApiModel): Place {
  const [first = '', id, child, childId] = segments
  if (first === 'jobs') return jobAt(segments)
  if (first === 'uploads' && id && segments.length === 2) return { kind: 'upload', id }
  const resource: ResourceModel | undefined = model.resources.get(first)
  if (!resource || segments.some(segment => segment === '')) return { kind: 'nothing' }
  if (resource.kind === 'service')
    return segments.length === 1 ? { kind: 'service', service: resource } : { kind: 'nothing' }
  if (id === undefined) return { kind: 'collection', collection: resource, parent: undefined }
  if (child === undefined) return itemAt(resource, undefined, id)
  const nested = resource.nested.find(({ name }) => name === child)
  if (!nested || segments.length > 4) return { kind: 'nothing' }
  if (childId === undefined) return { kind: 'collection', collection: nested, parent: id }
  return itemAt(nested, id, childId)
}

function itemAt(collection: CollectionModel, parent: string | undefined, id: string): Place {
  if (collection.files === undefined) return { kind: 'item', collection, parent, id }
  const name = id.normalize('NFC')
  return { kind: 'file', collection, parent, id: idOfFile(parent, name), name }
}

function jobAt([, id, result, ...more]: readonly string[]): Place {
  if (id === undefined) return { kind: 'jobs' }
  if (id === '' || more.length > 0) return { kind: 'nothing' }
  if (result === undefined) return { kind: 'job', id }
  return result === 'result' ? { kind: 'job-result', id } : { kind: 'nothing' }
}

/** A path segment as text; undefined where its percent-encoding or its UTF-8 is broken, or it holds a NUL. */
function decode(raw: string): string | undefined {
  if (!raw.includes('%')) return raw
  try {
    const segment = decodeURIComponent(raw)
    return segment.includes('\0') ? undefined : segment
  } catch {
    return undefined
  }
}
