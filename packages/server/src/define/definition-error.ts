/** One fault of a definition: where it is, what is wrong and how to mend it. */
export type Fault = { readonly place: string; readonly problem: string }

/** A definition that cannot be served. The message lists every fault with its place. */
export class DefinitionError extends Error {
  readonly places: readonly Fault[]

  constructor(places: readonly Fault[]) {
    const lines = places.map(({ place, problem }) => `  ${place}: ${problem}`)
    super(`The API definition has ${places.length === 1 ? 'a fault' : `${places.length} faults`}:\n${lines.join('\n')}`)
    this.name = 'DefinitionError'
    this.places = places
  }
}
