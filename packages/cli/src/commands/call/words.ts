// The words behind the URL: `name==param`, `name=value`, `name:=json`, `Header:value`, `part@path`, `@path`.
import { UsageError } from '../../output/complain.ts'

export type Word =
  | { readonly kind: 'param'; readonly name: string; readonly value: string }
  | { readonly kind: 'member'; readonly name: string; readonly value: unknown }
  /** `undefined` takes away a field that would be sent otherwise. */
  | { readonly kind: 'field'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'part'; readonly name: string; readonly path: string }
  /** The whole content; `-` is standard input. */
  | { readonly kind: 'content'; readonly path: string }

/** Where several stand at one place the longer is meant. */
const separators = ['==', ':=', '=', ':', '@'] as const
type Separator = (typeof separators)[number]

const cure =
  'Write name==value for the query, name=text or name:=json for members, Header:value, part@file, or @file for all of it.'

/** @throws UsageError where it is none of these */
export function wordOf(text: string): Word {
  const [name, separator, value] = split(text)
  if (separator === undefined) {
    if (/^[!#$%&'*+\-.^_`|~\w]+;$/.test(text)) return { kind: 'field', name: text.slice(0, -1), value: '' }
    throw new UsageError(`“${text}” cannot be read`, cure)
  }
  if (name === '' && separator !== '@') throw new UsageError(`“${text}” has no name before ${separator}`, cure)
  switch (separator) {
    case '==':
      return { kind: 'param', name, value }
    case ':=':
      return { kind: 'member', name, value: json(name, value) }
    case '=':
      return { kind: 'member', name, value }
    case ':':
      return field(name, value.trim())
    case '@':
      if (value === '') throw new UsageError(`“${text}” names no file behind @`, cure)
      return name === '' ? { kind: 'content', path: value } : { kind: 'part', name, path: value }
  }
}

function field(name: string, value: string): Word {
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) throw new UsageError(`“${name}” is no name of a field`, cure)
  return { kind: 'field', name, value: value === '' ? undefined : value }
}

function json(name: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(
      `What follows ${name}:= is not JSON`,
      `Write ${name}:='["a", 1]' in quotes, or ${name}=value for text.`,
    )
  }
}

/** At the first separator that has no backslash before it. */
function split(text: string): readonly [string, Separator | undefined, string] {
  let name = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && /[\\=:@]/.test(text[at + 1] ?? '')) {
      at++
      name += text[at]
      continue
    }
    const separator = separators.find(each => text.startsWith(each, at))
    if (separator !== undefined) return [name, separator, text.slice(at + separator.length)]
    name += text[at]
  }
  return [name, undefined, '']
}
