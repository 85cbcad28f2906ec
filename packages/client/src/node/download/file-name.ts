// A name for what is downloaded into a folder. Whatever a server says, it names one new file in that folder.
import { type Fields, fieldValue, parseContentDisposition } from '@comity/http'

const longest = 200
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** RFC 6266 §4.3: the last segment of what Content-Disposition says, else of the URL; `download` where neither serves. */
export function fileName(fields: Fields, url: string): string {
  const told = parseContentDisposition(fieldValue(fields, 'content-disposition') ?? '')?.filename
  return safeName(told ?? '') ?? safeName(segmentOf(url)) ?? 'download'
}

function segmentOf(url: string): string {
  const segment = new URL(url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function safeName(text: string): string | undefined {
  const last = text.split(/[/\\]/).at(-1) ?? ''
  const name = last
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
    .replace(/[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]/g, '_')
    // Neither hidden, nor a way up, nor what Windows cuts off.
    .replace(/^[. ]+|[. ]+$/g, '')
  if (name === '') return undefined
  const free = reserved.test(name) ? `_${name}` : name
  return shortened(free)
}

/** At most 200 bytes, so that there is room for `.part.json`; the extension stays. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longest) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : ''
  let stem = [...(extension === '' ? name : name.slice(0, dot))]
  while (Buffer.byteLength(stem.join('') + extension) > longest) stem = stem.slice(0, -1)
  return stem.join('') + extension
}
