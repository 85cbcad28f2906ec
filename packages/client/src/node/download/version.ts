// RFC 9110 §8.8, §13.1.5: which version of a representation bytes belong to, and whether others belong to the same
import { type Fields, fieldValue, formatEntityTag, parseDate, parseEntityTag } from '@comity/http'

export type Version = {
  /** A strong tag, as written. */
  readonly etag: string | undefined
  /** Strong enough to tell versions apart (§8.8.2.2): at least a second older than the response. */
  readonly lastModified: string | undefined
}

export function versionOf(fields: Fields, now: number): Version {
  const tag = parseEntityTag(fieldValue(fields, 'etag') ?? '')
  const lastModified = fieldValue(fields, 'last-modified')
  const modified = lastModified === undefined ? undefined : parseDate(lastModified, now)
  const sent = parseDate(fieldValue(fields, 'date') ?? '', now)
  return {
    etag: tag?.strength === 'strong' ? formatEntityTag(tag) : undefined,
    lastModified: modified !== undefined && sent !== undefined && sent - modified >= 1000 ? lastModified : undefined,
  }
}

/** Can parts of it be told from parts of another version? */
export function isTold(version: Version): boolean {
  return version.etag !== undefined || version.lastModified !== undefined
}

/** If-Range. §13.1.5: a date only where there is no tag. */
export function rangeCondition(version: Version): string | undefined {
  return version.etag ?? version.lastModified
}

/** Do both say that they are the same? What one of them does not say is no contradiction, if the rest agrees. */
export function isSameVersion(a: Version, b: Version): boolean {
  if (a.etag !== undefined && b.etag !== undefined) return a.etag === b.etag
  // A tag that comes or goes means that someone else answers.
  if (a.etag !== undefined || b.etag !== undefined) return false
  return a.lastModified !== undefined && a.lastModified === b.lastModified
}
