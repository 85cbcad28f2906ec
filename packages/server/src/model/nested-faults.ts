// What is wrong within a structured value, each fault at its own place.
import { formatPointer, parsePointer } from '../content/json-pointer.ts'

/** `at`: a JSON Pointer (RFC 6901) from the value; `detail`: words that follow the name of what is there. */
export type NestedFault = { readonly at: string; readonly detail: string }

/** A fault as TypeBox tells it. */
type SchemaError = {
  readonly keyword: string
  readonly schemaPath: string
  readonly instancePath: string
  readonly params: unknown
  readonly message: string
}

const within = (pointer: string, name: string): string => formatPointer([...(parsePointer(pointer) ?? []), name])

/** The faults that a reader can act on: a member that is missing or not known is named itself. */
export function nestedFaults(errors: readonly SchemaError[]): readonly NestedFault[] {
  const faults = new Map<string, string>()
  const say = (at: string, detail: string) => {
    if (!faults.has(at)) faults.set(at, detail)
  }
  const onlyNull: NestedFault[] = []
  for (const { keyword, schemaPath, instancePath, params, message } of errors) {
    const told = params as { requiredProperties?: readonly string[]; additionalProperties?: readonly string[] }
    if (keyword === 'required')
      for (const name of told.requiredProperties ?? []) say(within(instancePath, name), 'is missing')
    else if (keyword === 'additionalProperties')
      for (const name of told.additionalProperties ?? []) say(within(instancePath, name), 'is not known here')
    // What follows from others: `false` for a member that is not known, null as one of two ways to be.
    else if (keyword === 'boolean' || keyword === 'anyOf' || schemaPath.endsWith('/additionalProperties')) continue
    else if (keyword === 'type' && (params as { type?: unknown }).type === 'null')
      onlyNull.push({ at: instancePath, detail: message })
    else say(instancePath, message)
  }
  for (const { at, detail } of onlyNull)
    if (![...faults.keys()].some(other => other === at || other.startsWith(`${at}/`))) say(at, detail)
  return [...faults].map(([at, detail]) => ({ at, detail }))
}
