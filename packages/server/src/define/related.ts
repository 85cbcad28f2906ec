// A collection of the top level, seen once more below the items that its own refer to.

/** What `related` makes; its items are those of `collection` whose member `by` holds the id of the item above. */
export type Related = {
  readonly kind: 'related'
  /** Name of a collection at the top level. */
  readonly collection: string
  /** Its member that refers to the collection in which this is nested. */
  readonly by: string
}

/**
 * `nested: { posts: related('posts', 'userId') }`, in `users`: `/users/1/posts` are those of `/posts` whose `userId` is
 * 1, and a POST there creates one of them. As all that is nested, they are deleted with the item above.
 */
export const related = <const Name extends string>(collection: Name, by: string): Related & { collection: Name } => ({
  kind: 'related',
  collection,
  by,
})
