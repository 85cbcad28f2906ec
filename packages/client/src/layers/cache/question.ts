// RFC 9111 §2, §4.1: the request as the cache sees it, and the key of what answers it.
import { type CacheRequest, cacheKey, cacheUrl, type Fields, fieldValue, isSecretField } from '@comity/http'
import type { Outgoing } from '../../exchange/request.ts'
import type { Call } from '../call.ts'

/** A request that stored responses may answer. */
export type Question = {
  readonly key: string
  /** Of the key, normalised. */
  readonly url: string
  /** With digests in place of secrets, so that none comes into the store. */
  readonly asked: CacheRequest
}

/**
 * What a cache reads out of requests. `partition` stands before every key; `mode` is private or shared; `adds` are the
 * fields that layers further in put on a request.
 */
export type Reading = {
  readonly mode: 'private' | 'shared'
  readonly partition: string
  readonly adds: (request: Outgoing, call: Call) => Fields | undefined
}

/** `undefined` where nothing stored can answer. It is a promise only where something has to be digested. */
export function questionOf(
  request: Outgoing,
  fields: Fields,
  reading: Reading,
  call: Call,
): Question | undefined | Promise<Question | undefined> {
  const place = placeOf(request.url)
  if (place === undefined) return undefined
  const { url } = place
  const added = reading.adds(request, call)
  const all = added === undefined ? fields : { ...added, ...fields }
  if (request.method === 'QUERY' || hasCredentials(all)) return digestedQuestion(request, url, fields, all, reading)
  return { key: keyed(reading, place.key), url, asked: added === undefined ? request : { ...request, fields: all } }
}

/** Names that were looked at, since the same ones come with each request. */
const names = new Map<string, boolean>()

const hasCredentials = (fields: Fields): boolean => {
  for (const name in fields) {
    let isSecret = names.get(name)
    if (isSecret === undefined) {
      isSecret = isSecretField(name)
      if (names.size < 500) names.set(name, isSecret)
    }
    if (isSecret && fields[name] !== undefined) return true
  }
  return false
}

type Place = { readonly url: string; readonly key: string } | undefined

/** Of the last URLs: a key that was made once is hashed once. */
const places = new Map<string, Place>()

function placeOf(target: string): Place {
  const known = places.get(target)
  if (known !== undefined) return known
  const url = cacheUrl(target)
  if (url === undefined) return undefined
  const made = { url, key: cacheKey('GET', url) ?? '' }
  if (places.size >= 500) places.clear()
  if (target.length <= 500) places.set(target, made)
  return made
}

async function digestedQuestion(
  request: Outgoing,
  url: string,
  own: Fields,
  all: Fields,
  reading: Reading,
): Promise<Question | undefined> {
  let content: string | undefined
  if (request.method === 'QUERY') {
    content = await contentDigest(request)
    if (content === undefined) return undefined
  }
  const fields: Record<string, string | undefined> = { ...all }
  let who = ''
  // In one order, in whichever the caller named them.
  for (const name of Object.keys(all).filter(isSecretField).sort()) {
    const value = fieldValue(all, name)
    if (value === undefined) continue
    const told = await digestOf(value)
    fields[name] = told
    // The jar's cookies change with every session, so they tell answers apart only where `Vary` says so; what a caller
    // wrote by hand, and every authorization, is another user until the contrary is known.
    if (name !== 'cookie' || fieldValue(own, name) !== undefined) who += ` ${name}:${told}`
  }
  const key = cacheKey(request.method, url, content) ?? ''
  // §3.5: what a shared cache may store at all of an answer to a request with Authorization, it may give to all.
  return {
    key: keyed(reading, reading.mode === 'private' ? key + who : key),
    url,
    asked: { method: request.method, url: request.url, fields },
  }
}

const keyed = ({ partition }: Reading, key: string): string => (partition === '' ? key : `${partition} ${key}`)

/** RFC 10008 §2.7: white space between the tokens of JSON makes no other question. */
async function contentDigest({ content, fields }: Outgoing): Promise<string | undefined> {
  if (content !== undefined && content.kind !== 'bytes') return undefined
  const type = fieldValue(fields, 'content-type')?.toLowerCase().replace(/\s/g, '') ?? ''
  const coding = fieldValue(fields, 'content-encoding')?.toLowerCase() ?? ''
  const bytes = content?.bytes ?? new Uint8Array(0)
  const isJson = coding === '' && /^application\/(?:[^;]+\+)?json(?:;|$)/.test(type)
  const text = isJson ? compacted(bytes) : undefined
  const head = utf8.encode(`${type}\n${coding}\n`)
  const body = text === undefined ? bytes : utf8.encode(text)
  const all = new Uint8Array(head.length + body.length)
  all.set(head)
  all.set(body, head.length)
  return digest(all)
}

/** The JSON without white space between its tokens; `undefined` where it is not UTF-8. */
function compacted(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.replace(/"(?:[^"\\]|\\.)*"|[ \t\r\n]+/gs, token => (token.startsWith('"') ? token : ''))
  } catch {
    return undefined
  }
}

const utf8 = new TextEncoder()
const known = new Map<string, string>()

async function digestOf(value: string): Promise<string> {
  const found = known.get(value)
  if (found !== undefined) return found
  const made = await digest(utf8.encode(value))
  if (known.size >= 256) known.clear()
  known.set(value, made)
  return made
}

/** SHA-256, in hexadecimal digits. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('')
}
