// One large content from memory, whole or in ranges; in a process of its own. Its first line tells its address.
import { createServer } from 'node:http'
import { listening } from '../servers/listening.ts'

const size = Number(process.argv[2] ?? 2 ** 29)
const block = Buffer.alloc(2 ** 20, 'comity-download-')

listening(
  createServer((request, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const begin = Number(first ?? 0)
    const end = last ? Math.min(size, Number(last) + 1) : size
    response.writeHead(first === undefined ? 200 : 206, {
      etag: '"1"',
      'accept-ranges': 'bytes',
      'content-length': end - begin,
      ...(first === undefined ? {} : { 'content-range': `bytes ${begin}-${end - 1}/${size}` }),
    })
    let at = begin
    const send = () => {
      while (at < end) {
        const from = at % block.length
        const piece = block.subarray(from, Math.min(block.length, from + end - at))
        at += piece.length
        if (!response.write(piece)) return void response.once('drain', send)
      }
      response.end()
    }
    send()
  }),
)
