// Whether an answer keeps what the document promises of it. Every fault is a sentence.
import { statuses } from '@comity/http'
import { decode as decodeCbor } from 'cborg'
import { type Coding, decode } from '../support/coded.ts'
import type { WireAnswer } from '../support/wire.ts'
import type { DescribedContent, DescribedHeader, DescribedResponse, Description } from './description.ts'
import { alternativeFor, fromCsv, fromNdjson, fromXml, fullest, type Schema } from './read-content.ts'
import { fieldOf, type SentRequest, wordsOf } from './request.ts'

/** Fields of any answer, of which a description of the API need not speak. */
const ambient = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'content-type',
  'transfer-encoding',
  // For browsers, whatever is answered.
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
])

const implemented = new Set(['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Members of every problem here, beyond what RFC 9457 asks. */
const everyMember = ['type', 'title', 'status', 'detail', 'code', 'userMessage', 'instance'] as const

/** What was judged: the status that counts, and the address that a problem names. */
export type Judged = {
  readonly status: number
  readonly problem: { readonly type: string; readonly code: string } | undefined
}

/**
 * `job` is the request that became the job asked about, whose answer its result is.
 * @throws Error where the answer is not one that the document describes.
 */
export function judge(description: Description, request: SentRequest, sent: WireAnswer, job?: SentRequest): Judged {
  const answer = decoded(sent)
  if (job !== undefined && isOfResult(description, request, answer)) {
    const method = request.method === 'HEAD' ? 'HEAD' : job.method
    // Parts of a result can be had by GET, whatever its request was.
    const { 'accept-ranges': _, ...fields } = answer.fields
    return judge(description, { ...job, method, described: job.method }, { ...answer, fields })
  }
  const type = essenceOf(answer.fields['content-type'])
  const isProblem = type?.startsWith('application/problem+') || isProblemPage(answer, type)
  const isSpoken = wordsOf(request).getAll('always_success_code').includes('true')
  if (answer.end !== 'whole') throw new Error('the connection ended within the body')
  if (isProblem && answer.status === 200) {
    if (!isSpoken) throw new Error('200 with a problem, without always_success_code=true')
    // A HEAD of it cannot say which.
    if (request.method === 'HEAD') return { status: 200, problem: undefined }
  }
  const mayBeProblem = isSpoken && type === 'text/html' && answer.fields['content-language'] !== undefined
  if (request.method === 'HEAD' && mayBeProblem) return { status: answer.status, problem: undefined }
  const told = isProblem && request.method !== 'HEAD' ? statusIn(answer, type) : answer.status
  if (told !== answer.status && !(answer.status === 200 && isSpoken))
    throw new Error(`${answer.status} with a problem that says ${told}`)
  if (!statuses.has(told)) throw new Error(`${told} is no status`)
  if (told >= 500 && !(told === 501 && !implemented.has(request.method))) throw new Error(`${told}`)
  if (told >= 400 !== (isProblem || (told >= 400 && !hasBody(answer))))
    throw new Error(`${told} with ${type ?? 'nothing'}`)
  const { where, response } = description.responseTo(request, told)
  if (response === undefined) throw new Error(`${told} is not among the responses of ${where}`)
  const judged = judgeContent({ description, request, answer, response, where, told, type })
  judgeFields(description, answer, response, `${told} of ${where}`)
  return { status: told, problem: judged }
}

/** As it was before it was compressed; the field stays, so that it is judged too. */
function decoded(answer: WireAnswer): WireAnswer {
  const coding = answer.fields['content-encoding'] as Coding | undefined
  if (coding === undefined || answer.status === 206 || answer.body.length === 0) return answer
  return { ...answer, body: decode[coding](answer.body) }
}

/** Whether this is what the request of a job was answered, rather than a refusal to tell it. */
function isOfResult({ responseTo }: Description, request: SentRequest, { status, fields }: WireAnswer): boolean {
  const { where, response } = responseTo(request, status)
  const isResult = /^(get|head) \/jobs\/\{id\}\/result$/.test(where)
  const isSpoken = wordsOf(request).getAll('always_success_code').includes('true')
  const isRefused = isSpoken && essenceOf(fields['content-type'])?.startsWith('application/problem+')
  return isResult && !isRefused && (status < 300 || response === undefined)
}

const hasBody = ({ body }: WireAnswer): boolean => body.length > 0

/** A problem for people; the pages about kinds of problems are none. */
const isProblemPage = ({ body, status }: WireAnswer, type: string | undefined): boolean =>
  type === 'text/html' && (body.includes('<article class="refused">') || (status >= 400 && !body.length))

const essenceOf = (type: string | undefined): string | undefined => type?.split(';')[0]?.trim().toLowerCase()

function statusIn({ body }: WireAnswer, type: string | undefined): number {
  const text = body.toString()
  if (type === 'text/html') return Number(/<data value="(\d+)">/.exec(text)?.[1])
  return Number(type?.endsWith('json') ? JSON.parse(text).status : /<status>(\d+)<\/status>/.exec(text)?.[1])
}

type Case = {
  readonly description: Description
  readonly request: SentRequest
  readonly answer: WireAnswer
  readonly response: DescribedResponse
  readonly where: string
  readonly told: number
  readonly type: string | undefined
}

function judgeContent({ description, request, answer, response, where, told, type }: Case): Judged['problem'] {
  if (request.method === 'HEAD' || told === 204 || told === 304) {
    if (hasBody(answer)) throw new Error(`${told} of ${where} has a body`)
    return undefined
  }
  // An empty list of lines is no lines.
  if (!hasBody(answer) && type !== 'application/x-ndjson') {
    const isMinimal = answer.fields['preference-applied']?.includes('return=minimal') ?? false
    // What is answered again or later, and is too large to be kept for that, is told of without its body.
    const isKept = answer.fields['idempotency-replayed'] ?? fieldOf(request, 'prefer')?.includes('respond-async')
    if (response.content === undefined || ((told === 201 || isKept) && isMinimal)) return undefined
    throw new Error(`${told} of ${where} has no body`)
  }
  const content = response.content?.[type ?? '']
  if (content === undefined) throw new Error(`${told} of ${where} is not described in ${type}`)
  const schema = structureOf(content, response)
  const value = readBody(description, answer, schema, type)
  const fault = description.faultOf(value, schema)
  if (fault !== undefined) throw new Error(`${told} of ${where} in ${type}: ${fault}`)
  if (told >= 400 && type === 'text/html')
    return judgeProblem(description, response, problemOnPage(String(value)), where)
  if (told >= 400) return judgeProblem(description, response, value, where)
  if (type === 'text/html') return undefined
  if (told === 207) judgeParts(value)
  else judgeMembers(description, request, response, value)
  return undefined
}

/** The schema of what the content stands for: XML names it itself, CSV and NDJSON hold the same as JSON. */
function structureOf({ schema }: DescribedContent, { content = {} }: DescribedResponse): Schema {
  const isRows = schema.contentMediaType === 'text/csv' || schema.contentMediaType === 'application/x-ndjson'
  if (isRows) return content['application/json']?.schema ?? schema
  return (schema.contentSchema as Schema | undefined) ?? schema
}

/** The body as what it stands for: text stays text. */
function readBody({ resolve }: Description, { body }: WireAnswer, schema: Schema, type: string | undefined): unknown {
  if (type === 'application/cbor') return decodeCbor(body, { rejectDuplicateMapKeys: true, allowUndefined: false })
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  if (type?.endsWith('xml')) return fromXml(text, schema, resolve)
  if (type === 'application/x-ndjson') return fromNdjson(text, schema, resolve)
  if (type?.endsWith('json')) return JSON.parse(text)
  return type === 'text/csv' ? fromCsv(text, schema, resolve) : text
}

/** What the page of a problem says of it; what is only for people is not looked at. */
function problemOnPage(text: string): Readonly<Record<(typeof everyMember)[number], unknown>> {
  const [, code, type] = /<data class="code-name" value="([^"]*)"><a href="([^"]*)">/.exec(text) ?? []
  const [, title] = /<h1[^>]*>([^<]*)</.exec(text) ?? []
  const [, userMessage] = /<p class="lead">([^<]*)</.exec(text) ?? []
  return { type, title, status: 0, detail: text, code, userMessage, instance: text }
}

function judgeProblem(
  { resolve }: Description,
  { content = {} }: DescribedResponse,
  value: unknown,
  where: string,
): Judged['problem'] {
  const problem = value as Readonly<Record<(typeof everyMember)[number], unknown>>
  for (const member of everyMember)
    if (problem[member] === undefined || problem[member] === '') throw new Error(`the problem has no ${member}`)
  const code = String(problem.code)
  const described = Object.keys(resolve(content['application/problem+json']).examples ?? {})
  if (!described.includes(code))
    throw new Error(`the problem ${code} is not described for ${where}, ${described.join(', ')} are`)
  return { type: String(problem.type), code }
}

/** A part was done, or says by its problem why not. */
function judgeParts(value: unknown): void {
  type Part = { readonly status: number; readonly problem: Readonly<Record<string, unknown>> | null }
  for (const { status, problem } of value as readonly Part[])
    if (status < 400 ? problem !== null : Number(problem?.status) !== status || !problem?.code)
      throw new Error(`a part with the status ${status} has the problem ${JSON.stringify(problem)}`)
}

/** All members where `fields` did not choose, else exactly those that it named. */
function judgeMembers(
  { resolve }: Description,
  request: SentRequest,
  { content = {} }: DescribedResponse,
  value: unknown,
): void {
  const isList = Array.isArray(value)
  const schema = alternativeFor(content['application/json']?.schema, resolve, isList ? 'list' : 'one')
  const item = isList ? fullest(schema.items, resolve) : schema
  if (item.xml === undefined) return
  const shown = shownBy(request) ?? Object.keys(item.properties as object)
  for (const one of isList ? value : [value])
    if (Object.keys(one).sort().join() !== shown.toSorted().join())
      throw new Error(`the members are ${Object.keys(one).join()} where ${shown.join()} were asked for`)
}

function shownBy(request: SentRequest): readonly string[] | undefined {
  const inQuery = wordsOf(request).get('fields')
  if (inQuery !== null) return [...new Set(inQuery.split(','))]
  if (request.method !== 'QUERY') return undefined
  const text = new TextDecoder().decode(request.content ?? new Uint8Array())
  if (fieldOf(request, 'content-type')?.includes('form')) return new URLSearchParams(text).get('fields')?.split(',')
  const { fields } = JSON.parse(text) as { fields?: string | readonly string[] }
  return fields === undefined ? undefined : [fields].flat()
}

function judgeFields(
  { resolve, faultOf }: Description,
  { fields }: WireAnswer,
  { headers = {} }: DescribedResponse,
  where: string,
): void {
  if (Number.isNaN(Date.parse(fields.date ?? ''))) throw new Error('there is no Date')
  for (const [name, reference] of Object.entries(headers)) {
    const { required, schema } = resolve(reference) as DescribedHeader
    const value = fields[name.toLowerCase()]
    if (required && value === undefined) throw new Error(`${where} lacks ${name}`)
    const fault = value === undefined ? undefined : faultOf(schema.type === 'integer' ? Number(value) : value, schema)
    if (fault !== undefined) throw new Error(`${where}: ${name} ${fault}`)
  }
  const described = new Set(Object.keys(headers).map(name => name.toLowerCase()))
  for (const name of Object.keys(fields))
    if (!ambient.has(name) && !described.has(name)) throw new Error(`${where} has ${name}, which is not described`)
}
