// Which methods a place answers, and what contents they read.
import { compressingCodings, formatUploadLimit, partialUpload } from '@comity/http'
import { formats } from '../formats/registry.ts'
import type { FileRules } from '../model/model.ts'
import type { AnswerFields } from './answer.ts'
import { takenBy } from './files/types-taken.ts'
import type { Place } from './target.ts'

const readOnly: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** The methods of Allow (RFC 9110 §10.2.1), in its order. */
export function allowedMethods(place: Place): readonly string[] {
  switch (place.kind) {
    case 'collection':
      return place.collection.methods.collection
    case 'item':
    case 'file':
      return place.collection.methods.item
    case 'service':
      return place.service.methods
    case 'upload':
      return ['HEAD', 'PATCH', 'DELETE', 'OPTIONS']
    case 'job':
      return ['GET', 'HEAD', 'DELETE', 'OPTIONS']
    case 'site':
      return ['GET', 'HEAD', 'POST', 'OPTIONS']
    default:
      return readOnly
  }
}

/** Every media type that items are written in, as a list. */
export const inAnyFormat = formats.map(format => format.mediaType).join(', ')
const itemPatches = 'application/merge-patch+json, application/json-patch+json, application/json'
const listPatches = `${inAnyFormat}, application/merge-patch+json`

/** draft-ietf-httpbis-resumable-upload-12 §4.1.4: a place that can begin an upload says so. */
function takesUploads(place: Place): boolean {
  if (place.kind === 'upload') return true
  const begins = place.kind === 'file' ? 'PUT' : place.kind === 'collection' && place.collection.files ? 'POST' : ''
  return allowedMethods(place).includes(begins)
}

const uploadLimit = (place: Place): AnswerFields =>
  'collection' in place && place.collection.files
    ? { 'upload-limit': formatUploadLimit({ maxSize: place.collection.files.size }) }
    : {}

const postedFiles = (rules: FileRules) => ['multipart/form-data', takenBy(rules)].join(', ')

/** What forms send, and clients of OAuth. */
export const formType = 'application/x-www-form-urlencoded'

/** RFC 10008 §3, a structured field: what a QUERY's content may be. */
const queries = 'application/json, application/x-www-form-urlencoded'

/** RFC 9110 §12.5.3: the codings of contents that are read. */
export const acceptedCodings = compressingCodings.join(', ')

/** Accept-Post, Accept-Patch (RFC 5789 §3.1) and Accept-Query, for the methods the place allows. */
export function acceptedContents(place: Place): AnswerFields {
  if (place.kind === 'site') return { 'accept-post': formType }
  const allowed = allowedMethods(place)
  const folder = place.kind === 'collection' ? place.collection.files : undefined
  return {
    ...(allowed.includes('POST') && { 'accept-post': folder ? postedFiles(folder) : inAnyFormat }),
    ...(takesUploads(place) && { 'accept-patch': partialUpload, ...uploadLimit(place) }),
    ...(allowed.includes('PATCH') &&
      place.kind !== 'upload' && { 'accept-patch': place.kind === 'item' ? itemPatches : listPatches }),
    ...(allowed.includes('QUERY') && { 'accept-query': queries }),
  }
}

/** Whether any method here reads content. */
export const readsContent = (place: Place): boolean =>
  allowedMethods(place).some(
    method => method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'QUERY',
  )
