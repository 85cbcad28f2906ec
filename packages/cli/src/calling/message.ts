// A message of HTTP/1.1 as text: its head line by line, with the credentials in it hidden unless they are asked for.
import { isSecretField } from '@comity/http'
import type { Paint } from '../output/colour.ts'
import { paintOfStatus } from '../output/colour.ts'
import { safeLine, safeText } from '../output/safe-text.ts'

export type Hiding = {
  readonly secrets: 'hidden' | 'shown'
  /** Names of query words that are secret here, beside those that look so. */
  readonly words: readonly string[]
}

export type Line = readonly [name: string, value: string]

/** As the flags have it. */
export function hidingFor(flags: { readonly auth?: string; readonly showSecrets?: boolean }): Hiding {
  const word = /^query[:\s]\s*([^:]+):/i.exec(flags.auth ?? '')?.[1]
  return { secrets: flags.showSecrets === true ? 'shown' : 'hidden', words: word === undefined ? [] : [word] }
}

const hidden = '***'
const cookieName = /^[^=;]{1,100}=/

/** `Name: value`, painted. */
export function fieldLine([name, value]: Line, paint: Paint, hiding: Hiding): string {
  return `${paint.name(safeLine(name))}: ${safeLine(valueShown(name.toLowerCase(), value, hiding))}`
}

function valueShown(name: string, value: string, hiding: Hiding): string {
  if (hiding.secrets === 'shown') return value
  if (name === 'set-cookie') return value.replace(/^([^=;]*=)[^;]*/, `$1${hidden}`)
  if (name === 'cookie')
    return value
      .split('; ')
      .map(pair => `${cookieName.exec(pair)?.[0] ?? ''}${hidden}`)
      .join('; ')
  if (isSecretField(name)) {
    const scheme = name.endsWith('authorization') ? /^[\w-]+ /.exec(value)?.[0] : undefined
    return `${scheme ?? ''}${hidden}`
  }
  return name === 'location' || name === 'referer' || name === 'content-location' ? targetShown(value, hiding) : value
}

/** A target without the values of secret words in its query. */
export function targetShown(target: string, hiding: Hiding): string {
  const query = target.indexOf('?')
  if (hiding.secrets === 'shown' || query === -1) return target
  const words = target.slice(query + 1).split('&')
  const shown = words.map(word => {
    const equals = word.indexOf('=')
    const name = equals === -1 ? '' : plain(word.slice(0, equals))
    const isSecret = hiding.words.includes(name) || isSecretField(name.toLowerCase().replaceAll('_', '-'))
    return isSecret ? `${word.slice(0, equals)}=${hidden}` : word
  })
  return `${target.slice(0, query)}?${shown.join('&')}`
}

function plain(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}

/** `GET /path HTTP/1.1`, painted. */
export function requestLine(method: string, target: string, paint: Paint, hiding: Hiding): string {
  return `${paint.good(safeLine(method))} ${safeLine(targetShown(target, hiding))} ${paint.faint('HTTP/1.1')}`
}

/** `HTTP/1.1 200 OK`, painted by its class. */
export function statusLine(version: string, status: number, reason: string, paint: Paint): string {
  return `${paint.faint(`HTTP/${version}`)} ${paintOfStatus(paint, status)(`${status} ${safeLine(reason)}`.trimEnd())}`
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Content as text where it is text; else how much of what it is. `pieces` may be cut off behind `size` bytes. */
export function contentShown(bytes: Uint8Array, size: number): string {
  try {
    const text = safeText(utf8.decode(bytes, { stream: bytes.length < size }))
    const more = size - bytes.length
    return more > 0 ? `${text}\n… and ${more} bytes more` : text
  } catch {
    return `(${size} bytes that are no text)`
  }
}
