// A page from its server.
import { type Client, DecodeError } from '@comity/client'
import { decodePage } from './decode.ts'
import { type Page, parsePage } from './page.ts'

const html = /^(?:text\/html|application\/xhtml\+xml)$/

/** @throws ComityError: what a call may fail with, and DecodeError where it is no page */
export async function fetchPage(client: Client, url: string, signal: AbortSignal): Promise<Page> {
  const response = await client.get(url, {
    signal,
    fields: { accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1' },
  })
  const { type } = response
  if (!html.test(type)) {
    await response.discard()
    throw new DecodeError(`${response.url} is ${type === '' ? 'of no type' : type}, not a page in HTML`)
  }
  return parsePage(decodePage(await response.bytes(), response.field('content-type') ?? ''), response.url)
}
