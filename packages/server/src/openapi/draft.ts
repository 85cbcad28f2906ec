// A description while it is being written: what several operations share is said once, and referred to.
import type { ApiModel } from '../model/model.ts'
import type { Header, Parameter, Ref, Response, Schema } from './kind.ts'
import { type Names, namesOf } from './names.ts'

type Shared = {
  readonly schemas: Record<string, Schema>
  readonly parameters: Record<string, Parameter>
  readonly headers: Record<string, Header>
  readonly responses: Record<string, Response>
}

export type Draft = {
  readonly model: ApiModel
  /** The URL or path of the root, as it stands in examples. */
  readonly url: string
  /** Its path: `/bank`, or empty. */
  readonly path: string
  readonly names: Names
  readonly shared: Shared
}

export function newDraft(model: ApiModel, url: string): Draft {
  const shared: Shared = { schemas: {}, parameters: {}, headers: {}, responses: {} }
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
  return { model, url, path, names: namesOf(model), shared }
}

/** A reference to a component, which is written by whoever refers to it first. */
export function share<Kind extends keyof Shared>(
  draft: Draft,
  kind: Kind,
  name: string,
  write: () => Shared[Kind][string],
): Ref {
  const components = draft.shared[kind] as Record<string, Shared[Kind][string]>
  if (!Object.hasOwn(components, name)) {
    components[name] = {} as Shared[Kind][string] // so that a component may refer to itself
    components[name] = write()
  }
  return { $ref: `#/components/${kind}/${name}` }
}
