// Who may do what: rules, in order, of which the first that names the caller and the method holds.

export type AccessMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Callers of whom all of this is so; of a list, any one of it. */
export type CallersNamed = {
  /** What the claim `role` says, or one of the claim `roles`. */
  readonly role?: string | readonly string[]
  readonly kind?: 'account' | 'client'
  /** Of those that were granted; whoever's scopes are not limited has all. */
  readonly scope?: string | readonly string[]
  /** Claims by name. */
  readonly claims?: Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>
}

/** `anyone`: also who does not say who they are. `callers`: whoever does. */
export type Who = 'anyone' | 'callers' | CallersNamed

export type AccessRule = {
  /** `callers` when not given. */
  readonly who?: Who
  /** Methods; HEAD and QUERY come with GET. `read`: GET. `write`: the others. All when not given. */
  readonly may?: 'read' | 'write' | readonly AccessMethod[]
  /**
   * Which rows, in the words of a query: `ownerId=caller.id&type.in=current,savings`. `caller.id`, `caller.kind`, and claims as
   * `caller.branch`; whoever lacks the claim sees none. Of a list, any one suffices. All rows when not given. Where a
   * new item leaves out a member that must be equal to something, it becomes that.
   */
  readonly rows?: string | readonly string[]
  /** Members that there are for them; all when not given. */
  readonly members?: readonly string[]
  /** Members that there are not. */
  readonly hidden?: readonly string[]
  /** Members that they see, and cannot set. */
  readonly readOnly?: readonly string[]
  /**
   * Members by which a write may tell of rows that they do not see: `id` that one is taken, a unique member that its value
   * is, a reference that what it refers to is there; and `references`: that something refers to what is to be deleted.
   */
  readonly reveals?: readonly string[]
}

/** `anyone`, `callers`: may do everything. `nobody`: as no rules at all. */
export type AccessDefinition = 'anyone' | 'callers' | 'nobody' | readonly AccessRule[]

/** Who may call a service. */
export type ServiceAccess = 'anyone' | 'callers' | 'nobody' | readonly Pick<AccessRule, 'who'>[]

export function rulesIn(definition: AccessDefinition | ServiceAccess): readonly AccessRule[] {
  if (typeof definition !== 'string') return definition
  return definition === 'nobody' ? [] : [{ who: definition }]
}
