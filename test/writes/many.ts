// An API on its own database file for one test file, and what is asked of it by fetch.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { type Api, type ServeOptions, serve } from '@comity/server'

export type Told = {
  readonly status: number
  readonly fields: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server sent
  readonly json: () => any
}

export type Serving = {
  readonly url: () => string
  readonly ask: (
    method: string,
    path: string,
    fields?: Readonly<Record<string, string>>,
    body?: string | ReadableStream<Uint8Array>,
  ) => Promise<Told>
  /** How many items a collection has. */
  readonly count: (path: string) => Promise<number>
}

/** Serves the API for as long as the tests of the file that this is called in run. */
export function servingOnDisk(api: Api, options: ServeOptions = {}): Serving {
  let [url, folder, close] = ['', '', async () => {}]
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'things-'))
    ;({ url, close } = await serve(api, { port: 0, database: `sqlite:${join(folder, 'db')}`, ...options }))
  })
  after(async () => {
    await close()
    await rm(folder, { recursive: true })
  })
  return askingAt(() => url)
}

/** What can be asked of the server at a URL. */
export function askingAt(url: () => string): Serving {
  const ask: Serving['ask'] = async (method, path, fields = {}, body) => {
    const answer = await fetch(url() + path, { method, headers: fields, ...(body && { body, duplex: 'half' }) })
    const text = await answer.text()
    return { status: answer.status, fields: answer.headers, text, json: () => JSON.parse(text) }
  }
  const count = async (path: string) => {
    const { fields } = await ask('HEAD', path, { prefer: 'count=exact' })
    return Number(fields.get('x-total-count'))
  }
  return { url, ask, count }
}
