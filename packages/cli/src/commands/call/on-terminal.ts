// Content for a person at a terminal: JSON indented and coloured, text without control characters, nothing of what is no text.
import type { HttpResponse } from '@comity/client'
import type { Paint } from '../../output/colour.ts'
import { prettyJson } from '../../output/pretty-json.ts'
import { safeText } from '../../output/safe-text.ts'
import { formatBytes } from '../../terminal/amounts.ts'
import type { Destination } from './destination.ts'

const textual = /^text\/|[/+](?:json|xml|yaml|x-yaml|javascript|ecmascript|x-sh|x-www-form-urlencoded|toml|graphql)$/
const inLines = /ndjson|jsonl|json-seq/

/** Writes the content; resolves to a sentence about it where it is not shown. */
export async function showContent(response: HttpResponse, to: Destination, paint: Paint): Promise<string | undefined> {
  const { type } = response
  if (inLines.test(type)) {
    for await (const line of response.lines()) await to.write(`${jsonOr(line, paint)}\n`)
    return undefined
  }
  if (/[/+]json$/.test(type)) {
    const text = await response.text()
    if (text !== '') await to.write(ended(jsonOr(text, paint)))
    return undefined
  }
  if (textual.test(type)) return showText(response, to)
  const bytes = await response.bytes()
  if (bytes.length === 0) return undefined
  const text = type === '' ? textOf(bytes) : undefined
  if (text === undefined)
    return `${type === '' ? 'Binary content' : type} of ${formatBytes(bytes.length)} is not shown on a terminal`
  await to.write(ended(jsonOr(text, paint)))
  return undefined
}

/** As it comes: it may be the stream of events of a server, and never end. */
async function showText(response: HttpResponse, to: Destination): Promise<undefined> {
  for await (const line of response.lines()) await to.write(`${safeText(line)}\n`)
}

function jsonOr(text: string, paint: Paint): string {
  try {
    JSON.parse(text)
  } catch {
    return safeText(text)
  }
  return prettyJson(safeText(text), paint)
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
