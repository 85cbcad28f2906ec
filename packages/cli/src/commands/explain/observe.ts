// The answer, and what else is asked to see whether it keeps what it promises. Every further question is a safe one.
import { createHash, randomBytes } from 'node:crypto'
import { type Client, ComityError, type HttpResponse, type RequestOptions } from '@comity/client'
import { fieldValue, type Problem } from '@comity/http'
import type { Answer, Observed } from '../../promises/finding.ts'

export type Asked = {
  /** That answered; absolute. */
  readonly url: string
  /** Ms since the epoch. */
  readonly at: number
  readonly answer: Answer
  readonly problem: Problem | undefined
}

/** More than this is not read: its parts are not compared. */
const mostRead = 32 * 1024 * 1024

/** Sends it as it is, in no coding, and follows no redirection. */
export async function ask(client: Client, method: string, url: string, options: RequestOptions): Promise<Asked> {
  const fields = { 'accept-encoding': 'identity', ...options.fields }
  const response = await client.request(method, url, { ...options, fields, throwOnError: false })
  const { answer, problem } = await readAnswer(response)
  return { url: response.url, at: Date.now(), answer, problem }
}

async function readAnswer(response: HttpResponse): Promise<Pick<Asked, 'answer' | 'problem'>> {
  const { status, fields } = response
  const length = Number(fieldValue(fields, 'content-length') ?? 0)
  if (length > mostRead) {
    await response.discard()
    return { answer: { status, fields, size: length, digest: '' }, problem: undefined }
  }
  const bytes = await response.bytes()
  const digest = createHash('sha256').update(bytes).digest('hex')
  const problem = status >= 400 ? response.problem : undefined
  return { answer: { status, fields, size: bytes.length, digest }, problem }
}

/** `once`: nothing more is asked. Nor is it of what is no successful GET. */
export async function observe(
  client: Client,
  method: string,
  asked: Asked,
  options: RequestOptions,
  how: 'once' | 'more',
): Promise<Observed> {
  const { url, at, answer } = asked
  const seen = { method, url, at, answer }
  if (how === 'once' || method !== 'GET' || answer.status !== 200) return seen
  const again = async (verb: string, fields: RequestOptions['fields'], target = url): Promise<Answer | undefined> => {
    try {
      const { params: _, body: __, ...rest } = options
      return (await ask(client, verb, target, { ...rest, fields: { ...options.fields, ...fields } })).answer
    } catch (error) {
      // Who breaks off instead of answering has not kept anything, nor broken what can be named.
      if (error instanceof ComityError) return undefined
      throw error
    }
  }
  const etag = fieldValue(answer.fields, 'etag')
  const modified = fieldValue(answer.fields, 'last-modified')
  const condition =
    etag !== undefined
      ? { 'if-none-match': etag }
      : modified !== undefined
        ? { 'if-modified-since': modified }
        : undefined
  const head = await again('HEAD', {})
  const revalidated = condition && (await again('GET', condition))
  const part = answer.size > 1 ? await again('GET', { range: 'bytes=0-0' }) : undefined
  const beyond = part?.status === 206 ? await again('GET', { range: `bytes=${answer.size}-` }) : undefined
  const unacceptable = await again('GET', { accept: 'application/x-nothing' })
  const coded = await again('GET', { 'accept-encoding': 'gzip' })
  const missing = await again('GET', {}, nobodyHas(url))
  const more = { head, revalidated, part, beyond, unacceptable, coded, missing }
  return {
    ...seen,
    ...(Object.fromEntries(Object.entries(more).filter(([, each]) => each !== undefined)) as Partial<typeof more>),
  } as Observed
}

/** A path beside it that is nobody's. */
function nobodyHas(url: string): string {
  const beside = new URL(url)
  beside.search = ''
  beside.pathname = `${beside.pathname.replace(/[^/]*$/, '')}nothing-${randomBytes(8).toString('hex')}`
  return beside.href
}
