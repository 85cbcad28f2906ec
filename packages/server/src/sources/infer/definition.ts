// Lists and things of a source as a definition, and how the names of the one become those of the other.
import type { TSchema } from 'typebox'
import type { ApiDefinition, Resources } from '../../define/api.ts'
import { checkApi } from '../../define/check.ts'
import { collection } from '../../define/collection.ts'
import { optional, reference } from '../../define/fields.ts'
import { related } from '../../define/related.ts'
import { service } from '../../define/service.ts'
import type { FoundList, FoundThing, Row } from '../found.ts'
import { SourceError } from '../source.ts'
import { type Ids, idsOf } from './ids.ts'
import { inOrder, type Link, type Linkable, linksOf } from './links.ts'
import { schemaOf } from './member.ts'
import { memberNames, segmentNames } from './names.ts'

/** A list as a collection. */
export type InferredList = {
  readonly found: FoundList
  /** Its collection. */
  readonly segment: string
  readonly ids: Ids
  /** Members of the collection by their names in the source, in its order, the id not among them. */
  readonly members: ReadonlyMap<string, string>
  /** Members that name items of the list itself. */
  readonly ownLinks: readonly string[]
  /** Names in the source of members that were null somewhere: null is written for them, and nothing for others. */
  readonly nulls: ReadonlySet<string>
}

export type Inferred = {
  readonly definition: ApiDefinition
  /** What is named comes before what names it. */
  readonly lists: readonly InferredList[]
  readonly notes: readonly string[]
}

export function infer(title: string, found: readonly FoundList[], things: readonly FoundThing[]): Inferred {
  const segments = segmentNames([...found, ...things].map(({ name }) => name))
  const linkable = found.map(
    (list): Linkable => ({ found: list, segment: segments.get(list.name) ?? list.name, ids: idsOf(list) }),
  )
  const { links, notes } = linksOf(linkable)
  const lists = linkable.map((list): InferredList => {
    const { members, nulls } = membersOf(list.found)
    const own = links.filter(({ from, to }) => from === list.segment && to === list.segment)
    return { ...list, members, nulls, ownLinks: own.map(({ member }) => members.get(member) ?? member) }
  })
  const resources: Record<string, Resources[string]> = {}
  for (const list of lists) resources[list.segment] = collectionOf(list, links)
  for (const { name, value } of things) resources[segments.get(name) ?? name] = thingOf(name, value)
  const order = inOrder(linkable, links)
  return {
    // Names that keep to the style of one's own need no leave.
    definition: { title, ...(checkApi({ title, resources }).length > 0 && { names: 'found' as const }), resources },
    lists: order.flatMap(segment => lists.filter(list => list.segment === segment)),
    notes: [...notes, ...notesOn(segments, lists)],
  }
}

/** Columns that SQLite keeps, and some to spare. */
const mostMembers = 1000

function membersOf({ rows, place }: FoundList): Pick<InferredList, 'members' | 'nulls'> {
  const names = new Set<string>()
  const nulls = new Set<string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      if (name !== 'id') names.add(name)
      if (value === null) nulls.add(name)
    }
  if (names.size > mostMembers)
    throw new SourceError(
      `${place} has ${names.size} members; at most ${mostMembers} can be served.`,
      'Put what belongs together into objects of its own, or into lists.',
    )
  return { members: memberNames([...names]), nulls }
}

/** Items of a list that does not say how many: as many as may be asked for, since who has a file expects all of it. */
const wholeList = 1000

function collectionOf({ found, segment, ids, members }: InferredList, links: readonly Link[]): Resources[string] {
  const fields = [...members].map(([name, member]): [string, TSchema] => {
    const link = links.find(({ from, member }) => from === segment && member === name)
    return [member, optional(link ? referenceTo(link, found.rows) : valuesOf(found, name))]
  })
  const below = links.filter(({ from, to }) => to === segment && from !== segment)
  const nested = below.map(({ from, member }) => [from, related(from, memberNames([member]).get(member) ?? member)])
  return collection({
    ...(ids.policy !== 'uuid' && { id: ids.policy }),
    timestamps: 'hidden',
    limit: { default: wholeList },
    fields: Object.fromEntries(fields),
    ...(nested.length > 0 && { nested: Object.fromEntries(nested) }),
  }) as Resources[string]
}

const referenceTo = ({ to, member }: Link, rows: readonly Row[]): TSchema =>
  rows.some(row => typeof row[member] === 'number') ? reference(to, { ids: 'integer' }) : reference(to)

const valuesOf = ({ rows, form }: FoundList, name: string): TSchema =>
  schemaOf(
    rows.map(row => row[name]).filter(value => value !== undefined && value !== null),
    form,
  )

/** An object is answered as it is; what is no object as the member `value` of one. */
function thingOf(name: string, value: unknown): Resources[string] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const shown = isObject ? Object.fromEntries(Object.entries(value)) : { value }
  const names = memberNames(Object.keys(shown))
  const answer = Object.fromEntries(Object.entries(shown).map(([member, of]) => [names.get(member) ?? member, of]))
  const output = Object.entries(answer).map(([member, of]): [string, TSchema] => [
    member,
    optional(schemaOf(of === null ? [] : [of], 'json')),
  ])
  return service({
    description: `“${name}” as the source has it.`,
    input: {},
    output: Object.fromEntries(output),
    handle: Object.assign(() => answer, { code: `() => (${JSON.stringify(answer)})` }),
  }) as unknown as Resources[string]
}

/** What became of names that could not stay, and of items that had no id. */
function notesOn(segments: ReadonlyMap<string, string>, lists: readonly InferredList[]): readonly string[] {
  const paths = [...segments].filter(([name, segment]) => name !== segment)
  return [
    ...paths.map(([name, segment]) => `“${name}” is served at /${segment}.`),
    ...lists.flatMap(({ found, members, ids, segment }) => [
      ...[...members]
        .filter(([name, member]) => name !== member)
        .map(([name, member]) => `${found.place}: “${name}” is called ${member}.`),
      ...(ids.given > 0
        ? [`${found.place}: ${ids.given} without an id were numbered; the next write writes the numbers down.`]
        : []),
      ...(found.rows.length === 0
        ? [`${found.place} is empty, so nothing is known of the members of ${segment}: give it one as an example.`]
        : []),
    ]),
  ]
}
