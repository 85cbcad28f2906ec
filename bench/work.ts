// The kinds of work, as requests for each server: rotating over accounts, so that no single row decides.

import zlib from 'node:zlib'
import type { Account, Data } from './data.ts'
import { type Answer, ask, get, type Question } from './exchange.ts'
import type { WorkName } from './options.ts'

export type Work = {
  readonly name: WorkName
  readonly title: string
  readonly questions: readonly Question[]
  readonly status: number
}

/** How a server is asked for the same thing in its own words. */
export type Dialect = { readonly pageSize: string }

const filter = 'debit'
const pageSize = 20

/** The work for the server at `base`, each kind tried once. @throws Error where an answer is not the expected one. */
export async function workFor(base: string, dialect: Dialect, data: Data, only: readonly string[]): Promise<Work[]> {
  // Reads and writes have accounts of their own: a write changes the validators of what it writes only.
  const read = data.accounts.slice(0, 25)
  const written = data.accounts.slice(25)
  const works: Work[] = []
  const add = async (name: WorkName, title: string, status: number, questions: () => Promise<Question[]>) => {
    if (!only.includes(name)) return
    const work = { name, title, status, questions: await questions() }
    for (const question of work.questions) await checkAnswer(base, work, question, data)
    works.push(work)
  }
  await add('item', 'GET of an item', 200, async () => read.map(account => get(`/accounts/${account.id}`)))
  await add('304', 'GET answered 304', 304, () =>
    Promise.all(read.map(account => conditional(base, get(`/accounts/${account.id}`)))),
  )
  const list = ({ id }: Account) => get(`/accounts/${id}/transactions?type=${filter}&${dialect.pageSize}=${pageSize}`)
  await add('list', `GET of ${pageSize}, filtered`, 200, async () => read.map(list))
  for (const coding of ['gzip', 'br', 'zstd'] as const)
    await add(`list-${coding}`, `GET of ${pageSize}, filtered, in ${coding}`, 200, async () =>
      read.map(account => coded(list(account), coding)),
    )
  await add('304-gzip', `GET of ${pageSize}, filtered, in gzip, answered 304`, 304, () =>
    Promise.all(read.map(account => conditional(base, coded(list(account), 'gzip')))),
  )
  await add('post', 'POST, durable', 201, async () => written.map(posted))
  return works
}

async function conditional(base: string, plain: Question): Promise<Question> {
  const { etag } = (await ask(base, plain)).fields
  return { ...plain, fields: { ...plain.fields, 'If-None-Match': String(etag) } }
}

const coded = (plain: Question, coding: string): Question => ({
  ...plain,
  fields: { ...plain.fields, 'Accept-Encoding': coding },
})

const decoders = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync, zstd: zlib.zstdDecompressSync }

function decoded({ fields, content }: Answer, wanted: string | undefined): Buffer {
  const coding = fields['content-encoding']
  if (coding !== wanted) throw new Error(`expected ${wanted ?? 'no coding'}, and it is in ${coding ?? 'none'}`)
  return coding === undefined ? content : decoders[coding as keyof typeof decoders](content)
}

function posted({ id }: Account): Question {
  const content = JSON.stringify({ type: 'credit', amount: '1.00', date: '2014-12-31', description: 'One more' })
  const fields = { 'Content-Type': 'application/json', 'Content-Length': String(content.length) }
  return { method: 'POST', path: `/accounts/${id}/transactions`, fields, content }
}

/** A fast answer counts only if it is the right one. */
async function checkAnswer(base: string, work: Work, question: Question, data: Data): Promise<void> {
  const answer = await ask(base, question)
  const wrong = (why: string) => new Error(`${base}${question.path}: ${why}: ${answer.status} ${answer.content}`)
  if (answer.status !== work.status) throw wrong(`expected ${work.status}`)
  if (work.name === 'item') {
    const [, , id] = question.path.split('/')
    const account = data.accounts.find(each => each.id === id)
    const found = JSON.parse(answer.content.toString('utf8'))
    if (found.name !== account?.name || found.balance !== account?.balance) throw wrong('not the account')
  }
  if (work.name.startsWith('list')) {
    const rows = JSON.parse(decoded(answer, question.fields['Accept-Encoding']).toString('utf8'))
    const right = Array.isArray(rows) && rows.length === pageSize && rows.every(row => row.type === filter)
    if (!right) throw wrong(`not ${pageSize} of type ${filter}`)
  }
}
