// In which forms each page of the API itself comes.
import type { PageName } from './target.ts'

export type PageFormat = { readonly kind: 'json' | 'html' | 'css'; readonly mediaType: string }

const json: PageFormat = { kind: 'json', mediaType: 'application/json' }
const html: PageFormat = { kind: 'html', mediaType: 'text/html' }
const css: PageFormat = { kind: 'css', mediaType: 'text/css' }
const openapi: PageFormat = { kind: 'json', mediaType: 'application/vnd.oai.openapi+json' }

/** Offers in the server's order: machines that do not say what they accept get JSON, browsers HTML. */
export const pageFormats: Readonly<Record<PageName, readonly PageFormat[]>> = {
  style: [css],
  entry: [json, html],
  openapi: [json, openapi],
  docs: [html],
  problems: [json, html],
  problem: [json, html],
  livez: [json],
  readyz: [json],
  changelog: [json, html],
  traces: [json, html],
  trace: [json, html],
}
