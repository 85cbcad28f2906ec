// A request as it is sent, byte for byte, and as the curl line that repeats it.
import { requestText } from '../support/wire.ts'

export type SentRequest = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** In order; a name may come twice. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Undefined: no content, and no Content-Length. */
  readonly content: Uint8Array | undefined
  /** The method whose description holds, where it is another one: of the HEAD of a job's result. */
  readonly described?: string
}

/** The first value of a field; undefined where it is not sent. */
export const fieldOf = ({ fields }: SentRequest, name: string): string | undefined =>
  fields.find(([sent]) => sent.toLowerCase() === name)?.[1]

/** The query words, percent-decoded as far as they can be. */
export const wordsOf = ({ target }: SentRequest): URLSearchParams => new URLSearchParams(target.split('?')[1] ?? '')

export function bytesOf({ method, target, fields, content }: SentRequest): Buffer {
  const lines = Object.fromEntries(fields)
  if (content?.length === 0) lines['content-length'] = '0'
  return requestText(`${method} ${target}`, lines, content)
}

/** The command that sends the same to the bank where `npm start` serves it. */
export function curlOf({ method, target, fields, content }: SentRequest): string {
  const words = ['curl', method === 'HEAD' ? '--head' : `-i -X ${quoted(method)}`, '--path-as-is', '--globoff']
  words.push(quoted(`http://127.0.0.1:3000${target}`))
  for (const [name, value] of fields) words.push('-H', quoted(value === '' ? `${name};` : `${name}: ${value}`))
  for (const name of ['accept', 'content-type'])
    if (!fields.some(([sent]) => sent === name)) words.push('-H', quoted(`${name}:`))
  if (content === undefined) return words.join(' ')
  const text = Buffer.from(content).toString()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what no shell word can hold
  const isText = Buffer.from(text).equals(Buffer.from(content)) && !/[\u0000-\u001f\ufffd]/.test(text)
  if (isText) return [...words, '--data-raw', quoted(text)].join(' ')
  const escaped = [...content].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  return [`printf '${escaped}' |`, ...words, '--data-binary', '@-'].join(' ')
}

const quoted = (word: string): string => (/^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
