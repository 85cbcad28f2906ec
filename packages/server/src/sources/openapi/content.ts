// What a request brings along, held against what its operation takes.
import { parseMediaType } from '@comity/http'
import { parseJson } from '../../content/parse-json.ts'
import { type Refused, refuse } from '../../exchange/answer.ts'
import { isJson } from './example.ts'
import type { Mock } from './mock.ts'
import type { Content, Operation } from './operation.ts'
import { contentErrors } from './validate.ts'

/** Depth and members of a content, at most. */
const bounds = { depth: 64, members: 100_000 } as const

type Sent = { readonly field: (name: string) => string | undefined; readonly content: Buffer | undefined }

export function contentFault(mock: Mock, { body, method }: Operation, { field, content }: Sent): Refused | undefined {
  if (body === undefined) return
  const isEmpty = content === undefined || content.length === 0
  if (isEmpty)
    return body.required ? refuse('malformed-content', `${method} needs a content here, and none was sent.`) : undefined
  const sent = field('content-type')
  const type = sent === undefined ? undefined : parseMediaType(sent)?.essence
  const taken = body.contents.find(({ mediaType }) => type !== undefined && takes(mediaType, type))
  if (taken === undefined) {
    const list = body.contents.map(({ mediaType }) => mediaType).join(', ')
    const said = sent === undefined ? 'There is no Content-Type field' : `Content of type ${sent} is not declared`
    return refuse('unsupported-media-type', `${said}; ${list} is.`, { fields: { accept: list } })
  }
  return faultIn(mock, taken, type ?? '', content)
}

/** A declared media type, or range of them. */
function takes(declared: string, type: string): boolean {
  const range = declared.split(';')[0]?.trim().toLowerCase() ?? ''
  if (range === '*/*' || range === type) return true
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1))
}

function faultIn(mock: Mock, taken: Content, type: string, content: Buffer): Refused | undefined {
  if (isJson(type) && !/ndjson|json-seq/.test(type)) {
    const read = parseJson(content, bounds)
    if (read.kind === 'malformed')
      return refuse('malformed-content', read.detail, {
        members: { ...('line' in read && { line: read.line, column: read.column }) },
      })
    return invalid(mock, taken, read.value)
  }
  if (type === 'application/x-www-form-urlencoded') {
    const words = new URLSearchParams(content.toString('utf8'))
    const values = Object.fromEntries(
      [...new Set(words.keys())].map(name => {
        const all = words.getAll(name)
        return [name, all.length > 1 ? all : (all[0] ?? '')]
      }),
    )
    return invalid(mock, taken, values, 'text')
  }
  if (type.startsWith('text/')) return invalid(mock, taken, content.toString('utf8'))
  return undefined
}

function invalid(mock: Mock, taken: Content, value: unknown, how: 'content' | 'text' = 'content'): Refused | undefined {
  const errors = contentErrors(mock.validatorOf(taken, how).faults(value))
  if (errors.length === 0) return
  return refuse(
    'invalid-content',
    errors
      .map(({ detail }) => detail)
      .join(' ')
      .slice(0, 2_000),
    { errors },
  )
}
