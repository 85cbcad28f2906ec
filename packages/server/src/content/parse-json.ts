// RFC 8259: JSON text, read within bounds
import type { Parsed } from '../formats/format.ts'
import { type Bounds, measureJson } from './depth.ts'
import { findJsonFault } from './json-fault.ts'
import { decodeUtf8, placeAt } from './utf8.ts'

/**
 * Reads JSON content: UTF-8, at most as deep and as large as the bounds say, which are checked before anything is
 * built. A byte order mark is skipped (§8.1). Of two members of one name the last counts (§4). A member named
 * `__proto__` is an ordinary own member. Malformed content comes back with a place; never throws.
 */
export function parseJson(content: Uint8Array, bounds: Bounds): Parsed {
  const extent = measureJson(content, bounds)
  if (extent.kind === 'too-deep' || extent.kind === 'too-many') {
    const before = new TextDecoder().decode(content.subarray(0, extent.at))
    const detail =
      extent.kind === 'too-deep'
        ? `The content nests deeper than ${bounds.depth} levels.`
        : `The content has more than ${bounds.members} members and elements.`
    return { kind: 'malformed', detail, ...placeAt(before, before.length) }
  }
  const decoded = decodeUtf8(content)
  if (decoded.kind === 'malformed') return decoded
  const { text } = decoded
  const parsed = built(text)
  if (parsed.kind === 'value' && extent.kind === 'plain') return parsed
  const fault = findJsonFault(text)
  return fault ? { kind: 'malformed', detail: fault.detail, ...placeAt(text, fault.at) } : parsed
}

function built(text: string): Parsed {
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return { kind: 'malformed', detail: 'The content is not JSON.' } // findJsonFault says why
  }
}
