// What bytes show of their media type: WHATWG MIME Sniffing §7 for what browsers would run, and the signatures of
// formats that begin with one.
import { parseMediaType } from '@comity/http'

/** Bytes at the start of a content that its type is told by. */
export const sniffedLength = 4_100

/** Types that a browser may run scripts of. */
export function isActive(essence: string): boolean {
  // Of several parts each is shown as what it says it is: Firefox does so with multipart/x-mixed-replace.
  if (essence.endsWith('+xml') || essence.startsWith('multipart/')) return true
  return active.has(essence) || /^(?:text|application)\/(?:x-)?(?:java|ecma|j|live)script(?:1\.[0-5])?$/.test(essence)
}

const active: ReadonlySet<string> = new Set([
  'text/html',
  'application/xhtml+xml',
  'image/svg+xml',
  'text/xml',
  'application/xml',
  'text/xsl',
  'text/cache-manifest',
  'message/rfc822',
  'application/x-shockwave-flash',
])

/** Types whose content always begins with the signature of that type. */
const signed: ReadonlySet<string> = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
  'image/avif',
  'application/pdf',
  'application/zip',
  'application/gzip',
  'font/woff',
  'font/woff2',
  'video/webm',
  'audio/flac',
])

const sameAs: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'application/x-zip-compressed': 'application/zip',
  'application/x-gzip': 'application/gzip',
  'application/x-pdf': 'application/pdf',
  'audio/x-flac': 'audio/flac',
  'video/matroska': 'video/webm',
}

const one = (essence: string): string => sameAs[essence] ?? essence

/** What the first bytes show: a type with a signature, markup that a browser would run, text, or nothing. */
export type Shown =
  | { readonly kind: 'signature' | 'markup' | 'text'; readonly essence: string }
  | { readonly kind: 'nothing' }

/** @param start the first bytes, `sniffedLength` of them where there are as many */
export async function sniff(start: Uint8Array): Promise<Shown> {
  const markup = markupIn(start)
  if (markup !== undefined) return { kind: 'markup', essence: markup }
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(start).catch(() => undefined)
  if (found && !found.mime.endsWith('xml')) return { kind: 'signature', essence: one(essenceOf(found.mime)) }
  return isText(start) ? { kind: 'text', essence: 'text/plain' } : { kind: 'nothing' }
}

const essenceOf = (type: string): string => parseMediaType(type)?.essence ?? type

/** Why bytes that show one type may not be declared as another; undefined where they may. */
export function disagreement(declared: string, shown: Shown): string | undefined {
  const type = one(declared)
  if (shown.kind === 'markup') {
    // As text, or as bytes, markup is not run.
    const harmless =
      isActive(type) || type.startsWith('text/') || type === 'application/octet-stream' || isTextual(type)
    return harmless ? undefined : `it begins as ${shown.essence}`
  }
  if (!signed.has(type)) return
  if (shown.kind !== 'signature') return `it does not begin as ${type} does`
  if (shown.essence === type) return
  // Formats that are zip archives are told apart by what is in them.
  if (type === 'application/zip' && /zip|opendocument|openxmlformats|epub|java-archive|android/.test(shown.essence))
    return
  return `it begins as ${shown.essence}`
}

const isTextual = (type: string): boolean => /^application\/(?:json|x-ndjson|sql|x-sh|x-httpd-php|.*\+json)$/.test(type)

const latin1 = new TextDecoder('latin1')

/** §7.1: the beginnings of HTML and XML, after white space and a byte order mark. */
function markupIn(start: Uint8Array): string | undefined {
  const text = textOf(start).replace(/^[\t\n\f\r ]+/, '')
  const rest = withoutComments(text)
  if (
    /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|meta|link|object|embed|img|base)[\s/>]/i.test(
      rest,
    )
  )
    return 'text/html'
  if (/^<!--/.test(text) && rest === text) return 'text/html'
  const isXml = /^<\?xml[\s?]/i.test(text)
  if (/^<(?:!doctype svg\b|svg[\s/>]|[a-z0-9_-]+:svg[\s/>])/i.test(rest)) return 'image/svg+xml'
  if (/^<!doctype html\b/i.test(rest) || /<(?:html|script)[\s/>]/i.test(isXml ? rest : '')) return 'text/html'
  if (isXml && /<(?:[a-z0-9_-]+:)?svg[\s/>]/i.test(rest)) return 'image/svg+xml'
  return isXml ? 'text/xml' : undefined
}

/** What comes after the XML declaration, other instructions and comments. */
function withoutComments(text: string): string {
  let rest = text
  for (;;) {
    const next = rest
      .replace(/^<\?[^>]*\?>/, '')
      .replace(/^<!--.*?-->/s, '')
      .replace(/^[\t\n\f\r ]+/, '')
    if (next === rest) return rest
    rest = next
  }
}

/** The bytes as browsers would read them, as far as ASCII matters: UTF-16 by its byte order mark, else one byte each. */
function textOf(start: Uint8Array): string {
  const [first, second, third] = start
  if (first === 0xfe && second === 0xff) return latin1.decode(start.subarray(2).filter((_, index) => index % 2 === 1))
  if (first === 0xff && second === 0xfe) return latin1.decode(start.subarray(2).filter((_, index) => index % 2 === 0))
  return latin1.decode(first === 0xef && second === 0xbb && third === 0xbf ? start.subarray(3) : start)
}

/** UTF-8 without the bytes that §3 calls binary; a character may be cut off at the end. */
function isText(start: Uint8Array): boolean {
  if (start.some(byte => byte < 0x20 && !(byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 27)))
    return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return true
  } catch {
    return false
  }
}
