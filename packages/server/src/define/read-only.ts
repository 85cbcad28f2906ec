// An API that only shows what it has.
import { type Api, type ApiDefinition, defineApi, type Resources } from './api.ts'
import type { Collection, Nested } from './collection.ts'
import type { Files } from './files.ts'

/** The same API without whatever writes: methods of collections and files, and services that do. */
export function readOnly({ definition }: Api): Api {
  const kept = Object.entries(definition.resources).flatMap(([name, resource]): [string, Resources[string]][] => {
    if (resource.kind !== 'service') return [[name, shown(resource)]]
    const { effect, duration } = resource.definition
    return effect === 'writes' || duration === 'long' ? [] : [[name, resource]]
  })
  return defineApi({ ...(definition as ApiDefinition), resources: Object.fromEntries(kept) })
}

function shown<Resource extends Collection | Files>(resource: Resource): Resource {
  const { definition } = resource
  const nested = 'nested' in definition && definition.nested ? { nested: shownBelow(definition.nested as Nested) } : {}
  return { ...resource, definition: { ...definition, methods: ['GET'], ...nested } }
}

const shownBelow = (nested: Nested): Nested =>
  Object.fromEntries(
    Object.entries(nested).map(([name, below]) => [name, below.kind === 'related' ? below : shown(below)]),
  )
