// The servers that are compared, started on the same rows.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Data, readData, writeData } from '../data.ts'
import { ask } from '../exchange.ts'
import { plainNames, type WorkName, workNames } from '../options.ts'
import { type Running, startServer } from '../process.ts'
import { type Dialect, type Work, workFor } from '../work.ts'
import type { Kept } from './bare.ts'

export type Contender = {
  readonly name: string
  readonly running: Running
  readonly works: readonly Work[]
}

/** The name that ratios are told of. */
export const ours = 'comity'

const plain: Dialect = { pageSize: 'limit' }
const all: readonly WorkName[] = workNames

/** Starts all of them, their files in `folder`; every kind of work has been answered rightly by each. */
export async function startContenders(folder: string): Promise<readonly Contender[]> {
  const seeded = join(folder, 'seeded.sqlite')
  const seeder = await startServer('comity', { database: `sqlite:${seeded}` })
  const data = await readData(seeder.url)
  await seeder.stop()
  const rows = join(folder, 'rows.json')
  writeData(rows, data)

  const contenders: Contender[] = []
  const add = async (name: string, server: string, given: unknown, does: readonly WorkName[], dialect = plain) => {
    const running = await startServer(server, given)
    const contender = { name, running, works: await workFor(running.url, dialect, data, does) }
    contenders.push(contender)
    return contender
  }
  const copy = (name: string) => {
    const path = join(folder, `${name}.sqlite`)
    copyFileSync(seeded, path)
    return `sqlite:${path}`
  }
  const first = await add(ours, 'comity', { database: copy('kept'), cache: 'on' }, all)
  await add('comity, cache off', 'comity', { database: copy('unkept'), cache: 'off' }, all)
  await add('node:http, bare', 'bare', { answers: await keepAnswers(first, join(folder, 'answers.json')) }, all)
  const given = (name: string) => ({ database: join(folder, `${name}.sqlite`), data: rows })
  await add('Fastify by hand', 'fastify', given('fastify'), plainNames)
  await add('Hono by hand', 'hono', given('hono'), plainNames)
  const compressing = true
  const codings = ['list-gzip', 'list-br', 'list-zstd'] as const
  await add('Fastify, @fastify/compress', 'fastify', { ...given('fastify-coded'), compressing }, codings)
  await add('Hono, its compress', 'hono', { ...given('hono-coded'), compressing }, ['list-gzip'])
  await add(
    'json-server',
    'json-server',
    { data: copyForJsonServer(folder, data) },
    [...plainNames, 'list-gzip', '304-gzip'],
    { pageSize: '_limit' },
  )
  return contenders
}

/** Writes down what a contender answers, for bare node:http to repeat. */
async function keepAnswers({ running, works }: Contender, path: string): Promise<string> {
  const kept: Kept[] = []
  for (const question of works.flatMap(work => work.questions)) {
    const { status, raw, content } = await ask(running.url, question)
    kept.push({
      method: question.method,
      path: question.path,
      ifNoneMatch: question.fields['If-None-Match'],
      acceptEncoding: question.fields['Accept-Encoding'],
      status,
      fields: ownFields(raw),
      content: content.toString('base64'),
    })
  }
  writeFileSync(path, JSON.stringify(kept))
  return path
}

/** Without what every node:http server adds by itself. */
function ownFields(raw: readonly string[]): readonly string[] {
  const added = ['date', 'connection', 'keep-alive']
  return raw.filter((_, index) => !added.includes((raw[index - (index % 2)] ?? '').toLowerCase()))
}

function copyForJsonServer(folder: string, data: Data): string {
  const path = join(folder, 'db.json')
  writeData(path, data)
  return path
}
