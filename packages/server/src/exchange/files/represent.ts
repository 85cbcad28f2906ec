// A file as its reader gets it.
import { formatContentDisposition, parseMediaType } from '@comity/http'
import { isActive } from '../../content/sniff.ts'
import type { CollectionModel, FileRules } from '../../model/model.ts'
import type { Item } from '../../store/store.ts'
import type { Answer, AnswerFields } from '../answer.ts'
import { codingOf } from '../coding/of-exchange.ts'
import { codingFor, fieldsIn } from '../coding/settle.ts'
import type { Exchange } from '../exchange.ts'
import { bytesOfFile, entityTagOf, notModifiedAnswer, representationFields } from '../representation.ts'

/** Files larger than this are sent as they are, in bytes: compressing them for each reader would keep all others waiting. */
const mostCompressed = 8 * 1024 * 1024

export function representFile(x: Exchange, collection: CollectionModel, item: Item) {
  const size = Number(item.values.size)
  const fields = { ...fieldsOfFile(x, collection, item), 'content-length': String(size) }
  const isSentAsIs = size > mostCompressed && codingOf(x).acceptable.includes('identity')
  const coding = isSentAsIs ? 'identity' : codingFor(x, { status: 200, fields, body: undefined })
  return {
    get answer(): Answer {
      const { contents } = x.runtime
      if (contents === undefined) throw new TypeError('there is no place of files')
      const body = contents.source(String(item.values.sha256), size)
      return { status: 200, fields, body, ...(isSentAsIs && { coding }) }
    },
    notModified: notModifiedAnswer(isSentAsIs ? fields : fieldsIn(x, fields, coding)),
  }
}

function fieldsOfFile(x: Exchange, collection: CollectionModel, item: Item): AnswerFields {
  const { revision, modified, values } = item
  const mediaType = String(values.mediaType)
  const path = x.root() + x.target.path
  const folder = path.slice(0, path.lastIndexOf('/'))
  const links = [
    { target: folder, rel: ['collection'], params: {} },
    { target: `${folder}?name=${encodeURIComponent(inQuery(String(values.name)))}`, rel: ['describedby'], params: {} },
  ]
  return {
    ...representationFields(
      { etag: entityTagOf(revision, bytesOfFile), modified },
      { format: { contentType: mediaType }, cacheControl: collection.cacheControl, vary: '', links },
    ),
    ...guards(collection.files as FileRules, mediaType, String(values.name)),
  }
}

/** A comma separates values in a query. */
const inQuery = (value: string): string => value.replace(/[\\,]/g, '\\$&')

/** What keeps a browser from running, as a page of this server, what somebody sent to it. */
function guards({ disposition, trusted }: FileRules, mediaType: string, filename: string): AnswerFields {
  const essence = parseMediaType(mediaType)?.essence ?? ''
  const isRisky = isActive(essence) && !trusted.has(essence)
  return {
    'content-disposition': formatContentDisposition({ type: isRisky ? 'attachment' : disposition, filename }),
    ...(isRisky && { 'content-security-policy': "default-src 'none'; sandbox" }),
  }
}
