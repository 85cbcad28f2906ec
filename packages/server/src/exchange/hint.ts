// RFC 8297: what a page will need is named before the page is there.
import { formatLinks } from '@comity/http'
import { styleLink } from '../pages/layout.ts'
import type { Exchange } from './exchange.ts'

/**
 * 103 for a page that a browser is about to show. §3 asks to send it over HTTP/1.1 only to who is known to read it: a
 * navigation says so by Sec-Fetch-Mode. Who has the page already has what it needs.
 */
export function hint(x: Exchange): void {
  if (x.page?.kind !== 'html' && x.format?.name !== 'html') return
  if (x.method !== 'GET' || x.fields['sec-fetch-mode'] !== 'navigate' || x.fields['if-none-match'] !== undefined) return
  x.incoming.hint(formatLinks([styleLink(x.incoming.prefix())]))
}
