// Can these files be served as they are defined?
import { parseMediaType } from '@comity/http'
import type { Fault } from './definition-error.ts'
import type { Files } from './files.ts'

/** What is wrong with the definition as one of files; as a collection it is checked like any other. */
export function checkFiles(place: string, { definition }: Files): Fault[] {
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: `${place}.${where}`, problem })
  for (const range of definition.accept ?? [])
    if (!isPlain(range)) say('accept', `“${range}” is not a media type without parameters, nor a range such as image/*`)
  for (const type of definition.trusted ?? [])
    if (!isPlain(type) || type.includes('*')) say('trusted', `“${type}” is not a media type without parameters`)
  for (const word of ['size', 'most'] as const) {
    const value = definition[word]
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) say(word, 'is a whole number, 1 or more')
  }
  for (const method of (definition.methods ?? []) as readonly string[])
    if (method === 'PATCH') say('methods', 'files are written as a whole: there is no PATCH of them')
  return faults
}

const isPlain = (text: string): boolean => parseMediaType(text)?.essence === text
