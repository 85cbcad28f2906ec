// The URL that a word means: `:3000/todos` and `localhost:3000` are on this machine, `api.example/x` is somewhere else.
import { UsageError } from '../output/complain.ts'

const scheme = /^[a-z][a-z0-9+.-]*:\/\//i
const loopback = /^(?:localhost|[^/?#:]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?=[:/?#]|$)/i

export type Target = {
  /** Absolute, without user and password. */
  readonly url: string
  readonly user: { readonly username: string; readonly password: string } | undefined
}

/**
 * The absolute URL of a word. A path is put behind `base`, which a profile may have. Without a scheme this machine is asked by
 * http, every other by https.
 * @throws UsageError where it is no URL
 */
export function targetOf(word: string, base?: string): Target {
  const url = absolute(word, base)
  if (!URL.canParse(url) || /^https:\/\/[^/?#]*:\/\//.test(url))
    throw new UsageError(`“${word}” is no URL`, 'Write https://host/path, host/path or :3000/path.')
  const parsed = new URL(url)
  const { protocol, username, password } = parsed
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new UsageError(`“${word}” is of ${protocol}, and only http: and https: can be asked`)
  if (username === '' && password === '') return { url, user: undefined }
  parsed.username = ''
  parsed.password = ''
  return { url: parsed.href, user: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }
}

function absolute(word: string, base: string | undefined): string {
  if (scheme.test(word)) return word
  if (/^:\d+(?=[/?#]|$)/.test(word)) return `http://localhost${word}`
  if (/^:(?=\/|$)/.test(word)) return `http://localhost${word.slice(1)}`
  if (loopback.test(word)) return `http://${word}`
  if (word.startsWith('//')) return `https:${word}`
  if (base !== undefined && (word === '' || word.startsWith('?'))) return base + word
  if (word.startsWith('/')) {
    if (base !== undefined) return base.replace(/\/+$/, '') + word
    throw new UsageError(
      `“${word}” is a path without a server`,
      `Write :3000${word} for one on this machine, or --profile NAME where a profile has a baseUrl.`,
    )
  }
  // A URL would take it for an address of IPv4, written as one number.
  if (/^\d+(?=[/?#]|$)/.test(word))
    throw new UsageError(`“${word}” names no host`, `Write :${word} for that port of this machine.`)
  return `https://${word}`
}

/** Is a word that could name a file a URL: `:3000/x`, `localhost:3000/x`? */
export function isOnThisMachine(word: string): boolean {
  return /^:\d+(?=[/?#]|$)/.test(word) || (loopback.test(word) && /^[^/?#]*:\d+(?=[/?#]|$)/.test(word))
}

/** @throws UsageError where a file is expected, and this is a URL: the words are the other way round */
export function expectFile(word: string, usage: string): void {
  if (/^https?:\/\//i.test(word) || isOnThisMachine(word))
    throw new UsageError(`${word} is a URL, and a file is expected`, `Write ${usage}.`)
}
