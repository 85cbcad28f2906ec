// Gates on the fields that describe the content, before any of it is read.
import { parseContentCodings, parseMediaType, partialUpload } from '@comity/http'
import type { Compressing } from '../../define/compression.ts'
import type { Format } from '../../formats/format.ts'
import { formatByMediaType } from '../../formats/registry.ts'
import type { FileRules } from '../../model/model.ts'
import { type Refused, refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { rulesOfUpload } from '../files/place.ts'
import { multipartOverhead, notTaken, takes } from '../files/types-taken.ts'
import type { ContentBounds, ContentKind } from '../incoming.ts'
import { readContentLanguage } from '../language.ts'
import { acceptedCodings, acceptedContents, formType, inAnyFormat } from '../methods.ts'
import { onlyPartialUploads } from '../uploads/told.ts'

const withContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY'])

/** RFC 9110 §10.1.1: 100-continue is the only expectation there is. */
export function expectationMet(x: Exchange): Stop | undefined {
  const expect = x.field('expect')
  if (expect === undefined || expect.toLowerCase() === '100-continue') return
  return refuse('expectation-failed', `The expectation “${expect}” cannot be met; only 100-continue can.`)
}

/** RFC 9112 §6.3: without Content-Length or Transfer-Encoding there is no content, where the method needs one. */
export function contentLengthKnown(x: Exchange): Stop | undefined {
  if (!withContent.has(x.method)) return
  if (x.fields['content-length'] !== undefined || x.fields['transfer-encoding'] !== undefined) return
  // What OAuth 1.0 is asked by POST stands in Authorization (RFC 5849 §1.2).
  if (x.target.place.kind === 'site') return
  return refuse(
    'length-required',
    `${x.method} needs content, and neither Content-Length nor Transfer-Encoding is sent.`,
  )
}

export function contentSmallEnough(x: Exchange): Stop | undefined {
  if (!withContent.has(x.method)) return
  const length = Number(x.fields['content-length'] ?? 0)
  // What is small enough for any content need not be looked at more closely.
  if ((length <= x.runtime.model.limits.body && x.target.place.kind !== 'site') || !(length > contentBounds(x).limit))
    return
  return tooLarge(x, `The content has ${length} bytes`)
}

/** The format of rows in which a POST brings new items to a collection, however many. */
export function importedFormat(x: Exchange): Format | undefined {
  if (x.method !== 'POST' || x.target.place.kind !== 'collection') return
  const format = formatByMediaType(parseMediaType(x.field('content-type') ?? '')?.essence ?? '')
  return format?.rows && format
}

/** Most bytes of what a site is sent: a form. */
const siteContent = 32_768

const isLenient = (x: Exchange): boolean => x.preferences.get('handling')?.value === 'lenient'

/** How much of the content is read; what becomes of each item is told only for what fits in memory. */
export function contentBounds(x: Exchange): ContentBounds {
  const { body, import: most, bodyTimeout, ratio } = x.runtime.model.limits
  const rules = rulesOfUpload(x)
  if (rules)
    return {
      memory: body,
      limit: rules.size + multipartOverhead,
      timeout: bodyTimeout,
      codings: x.contentCodings,
      ratio,
    }
  // How much of an upload may come is known to the upload.
  if (x.target.place.kind === 'upload')
    return { memory: body, limit: Number.POSITIVE_INFINITY, timeout: bodyTimeout, codings: [], ratio }
  if (x.target.place.kind === 'site')
    return { memory: siteContent, limit: siteContent, timeout: bodyTimeout, codings: [], ratio }
  const limit = importedFormat(x) && !isLenient(x) ? Math.max(body, most) : body
  return { memory: body, limit, timeout: bodyTimeout, codings: x.contentCodings, ratio }
}

export function tooLarge(x: Exchange, said: string): Stop {
  const { limit } = contentBounds(x)
  const lenient = importedFormat(x) && isLenient(x)
  const why = lenient ? ' with handling=lenient, which tells what became of each item; more are without it' : ''
  return refuse('content-too-large', `${said}; at most ${limit} are read${why}.`, {
    fields: { connection: 'close' },
    members: { limit },
  })
}

export function contentUnderstood(x: Exchange): Stop | undefined {
  if (!withContent.has(x.method)) return
  // RFC 9110 §14.5: what takes it for the whole would cut off what is there. For other methods the field means nothing.
  if (x.method === 'PUT' && x.fields['content-range'] !== undefined)
    return refuse('partial-put', 'Content-Range tells that this is a part, and PUT replaces the whole.')
  const coded = codingsOf(x)
  if (!Array.isArray(coded)) return coded as Refused
  x.contentCodings = coded
  const field = x.field('content-type')
  if (x.target.place.kind === 'site' && field === undefined && (x.field('content-length') ?? '0') === '0') return
  const rules = rulesOfUpload(x)
  if (rules) return fileUnderstood(x, rules, field)
  if (x.target.place.kind === 'upload') return partUnderstood(x, field)
  if (x.target.place.kind === 'site' && coded.length > 0)
    return refuse('unsupported-content-coding', 'Content in a coding is not read here.', {
      fields: { 'accept-encoding': 'identity' },
    })
  const type = field === undefined ? undefined : parseMediaType(field)
  const kind = type && kindOf(x, type.essence)
  const charset = type?.parameters.charset?.toLowerCase()
  if (kind !== undefined && (charset === undefined || charset === 'utf-8' || charset === 'us-ascii')) {
    x.contentKind = kind
    return readContentLanguage(x)
  }
  const accepted = acceptedContents(x.target.place)
  const list = accepted[acceptField[x.method] ?? ''] ?? inAnyFormat
  const said =
    field === undefined
      ? 'There is no Content-Type field'
      : type === undefined
        ? `The Content-Type “${field}” is not a media type`
        : kind === undefined
          ? `Content of type ${type.essence} is not read by ${x.method} here`
          : `The charset “${charset}” is not read, only UTF-8`
  return refuse('unsupported-media-type', `${said}. Send ${list}.`, { fields: { accept: list, ...accepted } })
}

/** RFC 9110 §8.4; §12.5.3: what of it is read is told where it is refused for its coding, and only there. */
function codingsOf(x: Exchange): readonly Compressing[] | Refused {
  const field = x.field('content-encoding')
  if (field === undefined) return []
  const read = parseContentCodings(field)
  if (read.kind === 'codings' && read.codings.length <= mostCodings) return read.codings as readonly Compressing[]
  const said =
    read.kind === 'unknown'
      ? `Content in the coding “${read.name}” cannot be read`
      : `Content in ${read.codings.length} codings, one upon the other, is not read, only in ${mostCodings}`
  return refuse('unsupported-content-coding', `${said}; ${acceptedCodings} are read.`, {
    fields: { 'accept-encoding': acceptedCodings },
  })
}

/** Contents that are coded more often than that are meant to do harm. */
const mostCodings = 2

/** draft-ietf-httpbis-resumable-upload-12 §4.4 */
function partUnderstood(x: Exchange, field: string | undefined): Stop | undefined {
  x.contentKind = 'partial-upload'
  if (parseMediaType(field ?? '')?.essence === partialUpload && x.contentCodings.length === 0) return
  return onlyPartialUploads(
    field === undefined ? 'There is no Content-Type field' : `“${field}” is no part of an upload`,
  )
}

/** A file may be of any type that its folder takes, or say nothing of it. */
function fileUnderstood(x: Exchange, rules: FileRules, field: string | undefined): Stop | undefined {
  const type = field === undefined ? undefined : parseMediaType(field)
  if (field !== undefined && type === undefined)
    return refuse('unsupported-media-type', `The Content-Type “${field}” is not a media type.`)
  const isForm = type?.essence === 'multipart/form-data'
  x.contentKind = isForm ? 'multipart' : 'file'
  if (isForm && x.method === 'PUT') return notTaken(rules, type.essence)
  return type && !isForm && !takes(rules, type.essence) ? notTaken(rules, type.essence) : undefined
}

const acceptField: Readonly<Record<string, string>> = {
  POST: 'accept-post',
  PATCH: 'accept-patch',
  QUERY: 'accept-query',
}

function kindOf(x: Exchange, essence: string): ContentKind | undefined {
  if (x.target.place.kind === 'site') return essence === formType ? 'form' : undefined
  if (x.method === 'QUERY') {
    if (essence === 'application/json') return 'json'
    return essence === 'application/x-www-form-urlencoded' ? 'form' : undefined
  }
  if (x.method === 'PATCH') {
    if (essence === 'application/json' || essence === 'application/merge-patch+json') return 'merge-patch'
    if (x.target.place.kind === 'collection') return formatByMediaType(essence)?.name
    return essence === 'application/json-patch+json' ? 'json-patch' : undefined
  }
  return formatByMediaType(essence)?.name
}
