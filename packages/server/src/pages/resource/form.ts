// text/html as the form of an exchange's resource: it shows where the reader may go on, so it is made for each exchange.
import type { Exchange } from '../../exchange/exchange.ts'
import type { Form } from '../../formats/format.ts'
import { htmlForm } from '../../formats/registry.ts'
import { resourcePolicy } from './frame.ts'
import { listPage } from './list.ts'
import { recordPage } from './record.ts'
import type { Subject } from './subject.ts'

export function pageForm(x: Exchange): Form<string> {
  return {
    ...htmlForm,
    fields: { 'content-security-policy': resourcePolicy },
    item: (values, shape, links = []) => recordPage(subjectOf(x), shape, values, links),
    list: (shape, links = []) => listPage(subjectOf(x), shape, links),
  }
}

function subjectOf(x: Exchange): Subject {
  const { place, path, extension } = x.target
  const prefix = x.incoming.prefix()
  // A QUERY's page is reached again by GET: its words stand in the links.
  const words = x.method === 'QUERY' ? [...x.target.words, ...x.queryWords] : x.target.words
  return {
    base: { url: x.incoming.origin() + prefix, path: prefix },
    root: x.root(),
    path,
    extension: extension === undefined ? '' : `.${extension}`,
    words: words.filter(({ value }) => value !== ''),
    sort: x.query?.sort ?? [],
    place:
      place.kind === 'collection'
        ? { kind: 'list', collection: x.seen(place.collection), parent: place.parent }
        : place.kind === 'item'
          ? { kind: 'item', collection: x.seen(place.collection), parent: place.parent }
          : { kind: 'other' },
    collections: (x.version?.model ?? x.runtime.model).collections,
    language: x.language,
    occasion: x.isRead() ? 'read' : 'write',
  }
}
