// The server of the overload scenario: lists that are built anew each time, and what it costs it to refuse them. Prints its
// address; `GET /stats` of a second port tells what the refusals took since it was asked last, and the memory held.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collection, defineApi, integer, serve, text } from '@comity/server'

const load = JSON.parse(process.argv[2] ?? '{}')
const rows = 2_000

const api = defineApi({
  title: 'Notes',
  limits: { cache: 0 },
  compression: 'off',
  resources: { notes: collection({ fields: { title: text(), rank: integer() }, limit: { max: 2_000 } }) },
  async seed(tx) {
    for (let rank = 0; rank < rows; rank++) await tx.notes.add({ title: `Note ${rank}`, rank })
  },
})

/** Ms of the event loop that each 503 took. */
let refusals: number[] = []

const serving = await serve(api, {
  port: 0,
  load,
  keepAliveTimeout: 600_000,
  idleTimeout: 600_000,
  around(app) {
    app.server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      const begun = performance.now()
      const end = response.end
      response.end = function (this: ServerResponse, ...words: Parameters<typeof end>) {
        const ended = end.apply(this, words)
        if (response.statusCode === 503) refusals.push(performance.now() - begun)
        return ended
      } as typeof end
    })
  },
})

const stats = createServer((_request, response) => {
  response.end(JSON.stringify({ refusals, rss: process.memoryUsage.rss() }))
  refusals = []
})
await new Promise<void>(done => stats.listen(0, '127.0.0.1', done))
console.log(JSON.stringify({ url: serving.url, stats: `http://127.0.0.1:${(stats.address() as AddressInfo).port}` }))
process.once('SIGTERM', async () => {
  stats.close()
  await serving.close()
})
