// RFC 9110 §5: fields, as plain data

import { endOfMember, nextMember } from './field-syntax.ts'

/** Field values by lower-case name; several lines of one name are joined by commas. `undefined` means absent. */
export type Fields = Readonly<Record<string, string | undefined>>

/** The value of a field, whatever its name: `constructor` is absent unless it was sent. RFC 9110 §5.1. */
export function fieldValue(fields: Fields, name: string): string | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** The members of a list field without the space around them; empty ones are skipped. RFC 9110 §5.6.1.2. */
export function listMembers(value: string): readonly string[] {
  const members: string[] = []
  for (let at = nextMember(value, 0); at < value.length; at = nextMember(value, at)) {
    const end = endOfMember(value, at)
    members.push(value.slice(at, end).trimEnd())
    at = end
  }
  return members
}

/** The names in a list of field names such as `Connection` or `Vary`, in lower case. RFC 9110 §5.1. */
export function fieldNames(value: string | undefined): readonly string[] {
  return value === undefined ? [] : listMembers(value).map(name => name.toLowerCase())
}
