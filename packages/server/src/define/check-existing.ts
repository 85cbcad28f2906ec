// What can be said of a table or view of others, and what cannot.
import type { Collection } from './collection.ts'
import type { Fault } from './definition-error.ts'

export function checkExisting(place: string, { definition }: Collection, parent: string | undefined): readonly Fault[] {
  const { existing, methods, nested = {}, fields, timestamps } = definition
  if (existing === undefined) return []
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: `${place}.${where}`, problem })
  if (parent !== undefined)
    say('existing', 'is only for collections at the top level; see related() for what is shown below an item')
  const isRead = methods?.length === 1 && methods[0] === 'GET'
  if (existing.kind === 'view' && !isRead) say('methods', "a view is only read: methods: ['GET']")
  else if (existing.key.length === 0 && !isRead) say('methods', "what has no key is only read: methods: ['GET']")
  if (timestamps === 'shown')
    say('timestamps', 'the times of rows of others are members of their own, if they have any')
  for (const member of Object.keys(existing.columns ?? {}))
    if (member !== 'id' && fields[member] === undefined) say(`existing.columns.${member}`, 'is no member')
  for (const [child, { kind }] of Object.entries(nested))
    if (kind !== 'related') say(`nested.${child}`, 'below rows of others there is only what is related()')
  return faults
}
