// Why a store does not do what it is asked.

/** A rule of the database that a write would break. */
export class ConstraintError extends Error {
  /**
   * `exists`: the id; `unique`: another item has the value; `reference`: the item referred to is not there;
   * `referenced`: others refer to this one; `missing`: a value that has to be there is not; `rule`: another one.
   */
  readonly kind: 'exists' | 'unique' | 'reference' | 'referenced' | 'missing' | 'rule'
  /** Members concerned; empty where the engine does not say. */
  readonly members: readonly string[]
  /** What the database says of a `rule`, in a sentence. */
  readonly rule: string | undefined
  constructor(
    kind: ConstraintError['kind'],
    members: readonly string[],
    options?: ErrorOptions & { readonly rule?: string },
  ) {
    super(`${kind}: ${members.join(', ')}`, options)
    this.name = 'ConstraintError'
    this.kind = kind
    this.members = members
    this.rule = options?.rule
  }
}

/** The database was locked by another process for longer than the busy timeout. */
export class BusyError extends Error {
  override name = 'BusyError'
}

/** A change of definition that would destroy data; `sql` is what an operator would have to run. */
export class DestructiveChangeError extends Error {
  readonly sql: readonly string[]
  constructor(message: string, sql: readonly string[]) {
    super(message)
    this.name = 'DestructiveChangeError'
    this.sql = sql
  }
}
