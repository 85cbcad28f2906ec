// RFC 9651: structured field values

import { writeDictionary, writeItem, writeList } from './structured/format.ts'
import type { BareItem, Dictionary, Item, List } from './structured/kind.ts'
import { readDictionary, readItem, readList } from './structured/parse.ts'

export { isInnerList } from './structured/format.ts'
export type {
  BareItem,
  Bytes,
  DateItem,
  Decimal,
  Dictionary,
  DisplayString,
  InnerList,
  Item,
  List,
  Parameters,
  Token,
} from './structured/kind.ts'

/** An item of a value and its parameters, in the order given. */
export function itemOf(value: BareItem, parameters: Readonly<Record<string, BareItem>> = {}): Item {
  return [value, new Map(Object.entries(parameters))]
}

/** Reads a field that is one item. `undefined` where it is malformed, and then the field is to be ignored. §4.2.3. */
export function parseItem(value: string): Item | undefined {
  return readItem(value)
}

/** Reads a field that is a list; an empty one has no members. `undefined` where any of it is malformed. §4.2.1. */
export function parseList(value: string): List | undefined {
  return readList(value)
}

/** Reads a field that is a dictionary; of two equal keys the last counts. `undefined` where malformed. §4.2.2. */
export function parseDictionary(value: string): Dictionary | undefined {
  return readDictionary(value)
}

/** Writes an item. `undefined` where it has no form on the wire: a number too large, a string beyond ASCII. §4.1.3. */
export function formatItem(value: Item): string | undefined {
  return writeItem(value)
}

/** Writes a list; `''` means that the field should not be sent. `undefined` as for `formatItem`. §4.1.1. */
export function formatList(value: List): string | undefined {
  return writeList(value)
}

/** Writes a dictionary; `''` means that the field should not be sent. `undefined` as for `formatItem`. §4.1.2. */
export function formatDictionary(value: Dictionary): string | undefined {
  return writeDictionary(value)
}
