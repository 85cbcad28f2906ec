// Whether two definitions would be the same API, whatever the examples they show.
import type { ApiDefinition } from '../../define/api.ts'

const plain = (definition: ApiDefinition): string =>
  JSON.stringify(definition, (key, value) => {
    if (key === 'examples') return undefined
    // What a thing is answered with is in its handler.
    return typeof value === 'function' ? String(value({}, {})?.constructor ? JSON.stringify(value({}, {})) : '') : value
  })

export const sameShape = (one: ApiDefinition, other: ApiDefinition): boolean => plain(one) === plain(other)
