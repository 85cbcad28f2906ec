// The ids of a list in any format, and its links.
import type { Answered } from './call.ts'

/** Ids in the order of the list. The members of its items must not hold line breaks or a member `id` of their own. */
export function idsOf({ fields, text }: Answered): readonly string[] {
  const type = fields['content-type'] ?? ''
  if (type.startsWith('application/json')) return JSON.parse(text).map(({ id }: { id: string }) => id)
  if (type.startsWith('application/xml')) return [...text.matchAll(/<id>([^<]*)<\/id>/g)].map(([, id = '']) => id)
  if (type.startsWith('application/x-ndjson'))
    return text.split('\n').flatMap(line => (line ? JSON.parse(line).id : []))
  const [, ...rows] = text.trimEnd().split('\r\n')
  return rows.map(row => row.split(',')[0] ?? '')
}

/** Targets of the Link field by relation. */
export function linksOf({ fields }: Answered): Readonly<Record<string, string>> {
  const links: Record<string, string> = {}
  for (const [, target = '', rel = ''] of (fields.link ?? '').matchAll(/<([^>]*)>; rel="([^"]*)"/g)) links[rel] = target
  return links
}
