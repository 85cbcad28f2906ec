// The content of a request, from its words and standard input.
import { basename, resolve } from 'node:path'
import { type BodyValue, file, typedContent } from '@comity/client'
import { UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'
import { readStdin } from './stdin.ts'
import type { Word } from './words.ts'

export type ContentFlags = {
  /** Members are sent as a form instead of JSON. */
  readonly form?: boolean
  /** False: standard input is left alone. */
  readonly stdin?: boolean
}

/** RFC 9110 §9.3: those whose content means something. */
const withContent: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY'])

/** @throws UsageError where the words contradict the method or each other, or a file is not there */
export async function contentFor(
  method: string,
  words: readonly Word[],
  flags: ContentFlags,
  io: Io,
): Promise<BodyValue | undefined> {
  const members = words.filter(word => word.kind === 'member')
  const parts = words.filter(word => word.kind === 'part')
  const [whole, another] = words.filter(word => word.kind === 'content')
  const given = members.length + parts.length + (whole === undefined ? 0 : 1)
  if (!withContent.has(method)) {
    if (given === 0) return undefined
    const name = members[0]?.name
    throw new UsageError(
      `${method} carries no content`,
      name === undefined
        ? 'Use post, put, patch or query.'
        : `Write ${name}==… for the query, or use post, put, patch or query.`,
    )
  }
  if (another !== undefined || (whole !== undefined && given > 1))
    throw new UsageError(
      '@file is the whole content, and other words would add to it',
      'Give either one or the others.',
    )
  if (whole !== undefined) return whole.path === '-' ? fromStdin(io, 'as-told') : fileAt(io, whole.path)
  if (parts.length > 0) return multipart(io, members, parts)
  if (flags.form === true)
    return new URLSearchParams(members.map(({ name, value }): [string, string] => [name, formText(value)]))
  if (members.length > 0) return objectOf(members)
  return flags.stdin === false ? undefined : fromStdin(io, 'briefly')
}

type Member = Extract<Word, { readonly kind: 'member' }>
type Part = Extract<Word, { readonly kind: 'part' }>

function objectOf(members: readonly Member[]): Readonly<Record<string, unknown>> {
  const twice = members.find(({ name }, at) => members.findIndex(other => other.name === name) !== at)
  if (twice !== undefined)
    throw new UsageError(`“${twice.name}” is given twice`, `Write ${twice.name}:='[…]' for an array.`)
  return Object.fromEntries(members.map(({ name, value }) => [name, value]))
}

/** JSON where it is JSON, else text. */
async function fromStdin(io: Io, waiting: 'briefly' | 'as-told'): Promise<BodyValue | undefined> {
  const bytes = await readStdin(io, waiting)
  if (bytes === undefined) return undefined
  return typedContent({ kind: 'bytes', bytes }, typeOf(bytes))
}

function typeOf(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'application/octet-stream'
  }
  if (isJson(text)) return 'application/json'
  const lines = text.trim().split('\n')
  return lines.length > 1 && lines.every(isJson) ? 'application/x-ndjson' : 'text/plain;charset=utf-8'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function fileAt(io: Io, path: string): Promise<BodyValue> {
  try {
    return await file(resolve(io.cwd, path))
  } catch (error) {
    throw new UsageError(whyNot(path, error))
  }
}

async function multipart(io: Io, members: readonly Member[], parts: readonly Part[]): Promise<FormData> {
  const { openAsBlob } = await import('node:fs')
  const form = new FormData()
  for (const { name, value } of members) form.append(name, formText(value))
  for (const { name, path } of parts) {
    const full = resolve(io.cwd, path)
    try {
      const typed = await file(full)
      form.append(name, await openAsBlob(full, typed.type === undefined ? {} : { type: typed.type }), basename(full))
    } catch (error) {
      throw new UsageError(whyNot(path, error))
    }
  }
  return form
}

const formText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function whyNot(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `${path} is not there`
  if (code === 'EACCES') return `${path} may not be read by this user`
  return `${path} cannot be read: ${(error as Error).message}`
}
