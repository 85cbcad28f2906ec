// How programs call a collection: `accounts`, and `accounts.transactions` below it.
import type { CollectionModel } from './model.ts'

export const nameOf = ({ name, parent }: CollectionModel): string => (parent ? `${parent.name}.${name}` : name)
