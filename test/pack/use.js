// A program that serves an API of its own and asks it, with only the published packages.
import { formatEntityTag, parseEntityTag } from '@comity/http'
import { serve } from '@comity/server'
import api from './api.ts'

const serving = await serve(api, { port: 0, database: 'sqlite::memory:' })
const books = new URL('books', serving.url.replace(/\/?$/, '/'))
const created = await fetch(books, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ title: 'Emma', state: 'here' }),
})
const read = await fetch(books)
const list = await read.json()
const tag = parseEntityTag(read.headers.get('etag') ?? '')
const again = await fetch(books, { headers: { 'if-none-match': tag ? formatEntityTag(tag) : '' } })
await serving.close()
console.log(
  JSON.stringify({
    created: created.status,
    read: read.status,
    titles: list.map(book => book.title),
    again: again.status,
  }),
)
