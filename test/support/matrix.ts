// Tables of statuses: a row a condition, a column a method, a cell the status the client gets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answered, Fields } from './call.ts'
import { conditions, type Known } from './conditions.ts'

/** Something to ask for, in the state the table is about. */
export type Subject = {
  readonly path: string
  readonly known: Known
  /** Allow, as every 405 and OPTIONS must say it. */
  readonly allow: string
  /** What follows the path, and the content, by column; none where a column is not named. */
  readonly asks: Readonly<Record<string, Ask>>
}

/** `tag`: the entity tag of what this column asks for, where it is another than that of a GET. */
export type Ask = {
  readonly words?: string
  readonly fields?: Fields
  readonly body?: unknown
  readonly tag?: string
}

type Call = (method: string, path: string, fields?: Fields, body?: unknown) => Promise<Answered>

const codes: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid-precondition'],
  404: ['not-found'],
  405: ['method-not-allowed'],
  410: ['gone'],
  412: ['precondition-failed'],
  428: ['precondition-required'],
}

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY'])

/** The tag of what has none. */
export const noTag = '"none"'

const unsafe = /^(POST|PUT|PATCH|DELETE)/

/**
 * One test a row. A column is a method, or a method and a mark (`DELETE*`) that `asks` knows. `make` puts a new subject
 * there; it is made again after every write that was not refused, and every one that was refused must leave no trace.
 */
export function matrix(table: string, call: Call, make: () => Promise<Subject>): void {
  const [head = '', ...lines] = table.trim().split('\n')
  const columns = head.trim().split(/ {2,}/).slice(1)
  let subject: Subject | undefined
  for (const line of lines) {
    const [name = '', ...cells] = line.trim().split(/ {2,}/)
    const condition = conditions[name]
    if (!condition || cells.length !== columns.length) throw new Error(`not a row of the table: ${line}`)
    test(name, async () => {
      const got: Record<string, number> = {}
      for (const column of columns) {
        subject ??= await make()
        const tag = subject.asks[column]?.tag ?? subject.known.current
        const answer = await ask(call, subject, column, condition({ ...subject.known, current: tag }))
        got[column] = answer.status
        await look(call, subject, column, answer, tag)
        if (unsafe.test(column) && answer.status < 300) subject = undefined
      }
      assert.deepEqual(got, Object.fromEntries(columns.map((column, at) => [column, Number(cells[at])])))
    })
  }
}

const methodOf = (column: string): string => column.replace('*', '')

function ask(call: Call, { path, asks }: Subject, column: string, condition: Fields): Promise<Answered> {
  const { words = '', fields = {}, body } = asks[column] ?? {}
  return call(methodOf(column), path + words, { ...fields, ...condition }, body)
}

/** What an answer of this status carries besides it. */
async function look(
  call: Call,
  { path, known, allow }: Subject,
  column: string,
  answer: Answered,
  tag: string,
): Promise<void> {
  const { status, fields, text } = answer
  const method = methodOf(column)
  if (method === 'HEAD' || status === 204 || status === 304) assert.equal(text, '', `${column}: a body`)
  if (status === 405 || method === 'OPTIONS') assert.equal(fields.allow, allow)
  if (status >= 400) {
    assert.equal(fields['content-type'], 'application/problem+json')
    if (method === 'HEAD') return
    const { code, status: told } = answer.json()
    assert.equal(told, status)
    assert.ok(codes[status]?.includes(code), `${column}: ${status} with the code ${code}`)
  }
  if (status === 304) {
    for (const name of ['content-type', 'content-length', 'transfer-encoding'])
      assert.equal(fields[name], undefined, `${column}: ${name} in a 304`)
    assert.ok(fields['cache-control'] && fields.vary, `${column}: a 304 without what the 200 would say`)
    assert.equal(fields.etag, tag)
  }
  if (status === 200 && reads.has(method) && known.current !== noTag) assert.equal(fields.etag, tag)
  if (status === 201) assert.ok(fields.location && fields.etag)
  // A refused write leaves no trace.
  if (unsafe.test(column) && status >= 300 && known.current !== noTag) {
    const now = await call('HEAD', path)
    assert.equal(now.fields.etag ?? known.current, known.current, `${column}: ${status}, and yet it was changed`)
  }
}
