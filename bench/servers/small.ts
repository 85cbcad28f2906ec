// What clients are measured against: a small item that no cache keeps, one that it does, and one large content.
import { createServer } from 'node:http'
import { listening } from './listening.ts'

const { size } = JSON.parse(process.argv[2] ?? '{}') as { readonly size: number }
const item = Buffer.from(
  JSON.stringify({
    id: '013bf556-ba80-707b-a0e1-97046299cf11',
    type: 'savings',
    name: 'Holidays',
    currency: 'EUR',
    balance: '1250.00',
  }),
)
const block = Buffer.alloc(1024 * 1024, 'comity ')

const server = createServer((request, response) => {
  const { url = '', headers } = request
  if (url === '/large') {
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    const end = last === '' ? size : Math.min(size, Number(last) + 1)
    let at = Number(first)
    response.writeHead(headers.range === undefined ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'content-length': end - at,
      'accept-ranges': 'bytes',
      etag: '"large"',
      ...(headers.range === undefined ? {} : { 'content-range': `bytes ${at}-${end - 1}/${size}` }),
    })
    const write = (): void => {
      for (;;) {
        if (at >= end) return void response.end()
        const from = at % block.length
        const piece = block.subarray(from, from + Math.min(block.length - from, end - at))
        at += piece.length
        if (!response.write(piece)) return void response.once('drain', write)
      }
    }
    return write()
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': item.length,
    etag: '"1"',
    'cache-control': url.startsWith('/kept') ? 'max-age=3600' : 'no-store',
  })
  response.end(item)
})
listening(server)
