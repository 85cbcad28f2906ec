// All images of a page, those of its style sheets too.
import type { Client } from '@comity/client'
import { type Failure, reasonOf } from '../../output/failures.ts'
import { type ImageReference, imagesOf, imageUrl, type Sizes } from '../../pages/images.ts'
import { type Page, resolved } from '../../pages/page.ts'
import { urlsOfStyle } from '../../pages/style.ts'

export type Gathered = { readonly images: readonly ImageReference[]; readonly failures: readonly Failure[] }

/** A sheet may import others: so many in all. */
const mostSheets = 30

/** Each image once: those of the page in its order, then those of its style sheets. */
export async function gatherImages(client: Client, page: Page, sizes: Sizes, signal: AbortSignal): Promise<Gathered> {
  const found = imagesOf(page, sizes)
  const images = new Map(found.images.map(image => [image.url, image]))
  const failures: Failure[] = []
  const sheets = new Set(found.styleSheets)
  // A set that grows while it is walked: what is imported comes to its end.
  for (const sheet of sheets) {
    if (signal.aborted) break
    try {
      const response = await client.get(sheet, { signal, fields: { accept: 'text/css, */*;q=0.1' } })
      const urls = urlsOfStyle(await response.text())
      for (const reference of urls.images) {
        const url = imageUrl(reference, response.url)
        if (url !== undefined && !images.has(url)) images.set(url, { url, from: 'style sheet url()' })
      }
      for (const reference of urls.imports) {
        const url = resolved(reference, response.url)
        if (url !== undefined && sheets.size < mostSheets) sheets.add(url)
      }
    } catch (error) {
      failures.push({ what: sheet, why: reasonOf(error, sheet) })
    }
  }
  return { images: [...images.values()], failures }
}
