// The API under attack, and what is asked of every answer: no failure of the server, nothing of what is secret, in time.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  apiKeys,
  authorizationServer,
  basic,
  bearer,
  collection,
  decimal,
  defineApi,
  digest,
  files,
  integer,
  oauth1,
  oneOf,
  optional,
  type Serving,
  serve,
  text,
} from '@comity/server'
import Type from 'typebox'
import { type Issuer, startIssuer } from '../access/support/issuer.ts'
import { type Answered, call, type Fields } from '../support/call.ts'
import { overhear, planting } from '../support/planted.ts'
import { answersTo, type WireAnswer } from '../support/wire.ts'
import { callback } from './places.ts'

export const audience = 'https://api.example.org'

/** No answer may have it: the rows, passwords and keys of others. */
const mark = `planted-${randomBytes(6).toString('hex')}`

/** In ms; what hangs is found, not what is slow on a busy machine. */
const longest = 20_000

/** Of 5xx these are said of the request: a method, a version, a place that is full. */
const honest: ReadonlySet<number> = new Set([501, 505, 507])

export type Under = {
  readonly url: string
  readonly issuer: Issuer
  /** A note of the attacker's own, and one of somebody else's. */
  readonly own: string
  readonly others: string
  readonly key: string
  readonly consumer: { readonly key: string; readonly secret: string }
  /** Registered for people, with the one address to send them back to. */
  readonly client: { readonly id: string; readonly secret: string }
  readonly password: string
  /** Asks in the attacker's name, unless the fields say otherwise; the statuses are those that it may be answered. */
  readonly ask: (
    method: string,
    path: string,
    allowed: readonly number[] | 'refused' | 'any',
    given?: { readonly fields?: Fields; readonly body?: unknown },
  ) => Promise<Answered>
  /** Sends bytes; each answer to them has to be one of these. */
  readonly raw: (
    bytes: string | Uint8Array,
    allowed: readonly number[] | 'refused' | 'any',
  ) => Promise<readonly WireAnswer[]>
  readonly fits: (what: string, status: number, allowed: readonly number[] | 'refused' | 'any') => void
  readonly failures: () => readonly string[]
  readonly close: () => Promise<void>
}

export async function startUnder(): Promise<Under> {
  const issuer = await startIssuer(audience)
  const made: { key?: string; consumer?: Under['consumer']; client?: Under['client']; own?: string; others?: string } =
    {}
  const password = randomBytes(12).toString('hex')
  const failures: string[] = []
  const mine = [{ who: 'callers', rows: 'ownerId=caller.id', readOnly: ['balance'] }] as const
  const api = defineApi({
    title: 'Under attack',
    authentication: [
      digest(),
      basic(),
      oauth1(),
      apiKeys(),
      bearer({ issuer: issuer.url, audience, scopes: ['read', 'write'] }),
      authorizationServer(),
    ],
    attempts: { together: 1_000_000, address: 1_000_000, account: 1_000_000 },
    limits: { body: 262_144, bodyTimeout: 1_000, file: 65_536, cache: 4_194_304, history: 1_048_576 },
    resources: {
      notes: collection({
        fields: {
          title: text({ max: 200 }),
          slug: optional(text({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', max: 64 })),
          count: optional(integer()),
          amount: optional(decimal({ scale: 2 })),
          state: optional(oneOf('new', 'done')),
          extra: optional(Type.Record(Type.String(), Type.Unknown())),
          balance: decimal({ readOnly: true, default: '0.00' }),
          ownerId: text({ max: 64 }),
        },
        history: 'kept',
        access: mine,
        nested: {
          remarks: collection({ fields: { text: text({ max: 200 }) }, access: [{ who: 'callers' }] }),
        },
      }),
      pictures: files({ access: [{ who: 'callers' }] }),
    },
    async seed(tx, given) {
      const credentials = planting(given)
      const mallory = await credentials.addAccount({ login: 'mallory', password, id: 'mallory' })
      await credentials.addAccount({ login: 'victim', password: `${mark}-password`, id: 'victim' })
      const { secret } = await credentials.createKey({ name: 'attack', account: mallory.account.login })
      made.key = secret
      const consumer = await credentials.addConsumer({
        name: 'attack',
        twoLegged: 'allowed',
        callbacks: [callback],
      })
      const app = await credentials.addClient({ name: 'attack', redirectUris: [callback] })
      made.client = { id: app.client.id, secret: app.secret ?? '' }
      made.consumer = { key: consumer.consumer.key, secret: consumer.secret ?? '' }
      made.own = (await tx.notes.add({ title: 'own', ownerId: 'mallory' })).id
      made.others = (await tx.notes.add({ title: `${mark}-title`, ownerId: 'victim', slug: 'secret-note' })).id
      await tx['notes.remarks'].add({ text: `${mark}-remark` }, made.others)
    },
  })
  const serving: Serving = await serve(api, {
    port: 0,
    headersTimeout: 1_000,
    traces: 50,
    onError(error) {
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
      overhear(told)
      failures.push(told)
    },
  })
  const { key = '', consumer = { key: '', secret: '' }, client = { id: '', secret: '' }, own = '', others = '' } = made

  const fits: Under['fits'] = (what, status, allowed) => {
    if (allowed === 'refused') assert.ok((status >= 400 && status < 500) || honest.has(status), `${what}: ${status}`)
    else if (allowed === 'any') assert.ok(status < 500 || honest.has(status), `${what}: ${status}`)
    else assert.ok(allowed.includes(status), `${what}: ${status}, not ${allowed}`)
  }
  const keepsSecrets = (what: string, said: string) => {
    assert.ok(!said.includes(mark), `${what}: tells what is somebody else’s`)
    assert.ok(
      !/\bat .*\.(ts|js):\d+|node_modules|SQLITE_|syntax error near/.test(said),
      `${what}: tells of the inside: ${said}`,
    )
  }
  const inTime = async <T>(what: string, work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}: no answer within ${longest} ms`)), longest)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    url: serving.url,
    issuer,
    own,
    others,
    key,
    consumer,
    client,
    password,
    fits,
    async ask(method, path, allowed, { fields = { 'x-api-key': key }, body } = {}) {
      const what = `${method} ${path.slice(0, 200)}`
      const answer = await inTime(what, call(method, serving.url + path, fields, body))
      fits(what, answer.status, allowed)
      keepsSecrets(what, `${JSON.stringify(answer.fields)}${answer.text}`)
      return answer
    },
    async raw(bytes, allowed) {
      const what = JSON.stringify(Buffer.from(bytes).toString('latin1').slice(0, 200))
      const answers = await inTime(what, answersTo(serving.url, bytes))
      for (const { status, head, body } of answers) {
        fits(what, status, allowed)
        keepsSecrets(what, head + body.toString('latin1'))
      }
      return answers
    },
    failures: () => failures,
    close: async () => {
      await serving.close()
      await issuer.close()
    },
  }
}
