// A collection on a real server, and a proxy before it that may let an answer be lost.
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collection, defineApi, integer, optional, serve, text } from '@comity/server'

export type Person = {
  readonly id: string
  readonly name: string
  readonly age: number | null
  readonly note: string | null
}

export type People = {
  readonly url: string
  /** By way of a proxy, which asks of each request whether its answer is lost. */
  readonly proxied: string
  lost: (index: number) => boolean | Promise<boolean>
  readonly all: () => Promise<readonly Person[]>
  readonly empty: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function servePeople(): Promise<People> {
  const people = collection({
    fields: {
      name: text({ max: 80 }),
      age: optional(integer({ min: 0, max: 150 })),
      note: optional(text({ max: 500 })),
    },
  })
  const api = defineApi({ title: 'People', resources: { people } })
  const server = await serve(api, { port: 0, database: 'sqlite::memory:' })
  let count = 0
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const onward = ask(`${server.url}${path}`, { method, headers }, async answer => {
      if (await it.lost(count++)) {
        answer.resume()
        outgoing.destroy()
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const it: People = {
    url: `${server.url}/people`,
    proxied: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/people`,
    lost: () => false,
    async all() {
      const found: Person[] = []
      for (let offset = 0; ; offset += 1000) {
        const page = (await (await fetch(`${it.url}?limit=1000&offset=${offset}`)).json()) as Person[]
        found.push(...page)
        if (page.length < 1000) return found
      }
    },
    async empty() {
      it.lost = () => false
      count = 0
      const tag = (await fetch(it.url, { method: 'HEAD' })).headers.get('etag') ?? ''
      await fetch(it.url, { method: 'DELETE', headers: { 'if-match': tag } })
    },
    async close() {
      proxy.closeAllConnections()
      await new Promise(resolve => proxy.close(resolve))
      await server.close()
    },
  }
  return it
}
