import type { Shape } from '../formats/format.ts'
import type { CollectionModel, Field } from '../model/model.ts'

/** A collection's items as formats see them, with the members that are shown. */
export function shapeOf(collection: CollectionModel, fields: readonly Field[]): Shape {
  return { singular: collection.singular, plural: collection.name, fields }
}
