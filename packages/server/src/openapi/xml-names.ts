// How structured members are written in XML, said beside their schemas. OpenAPI 3.1.1 §4.8.26.
import type { Structure } from '../model/structure.ts'
import type { Schema } from './kind.ts'

/** The schema, with the names of the elements that its lists hold. */
export function withXmlNames(schema: Schema, structure: Structure): Schema {
  if (Array.isArray(schema.anyOf))
    return {
      ...schema,
      anyOf: schema.anyOf.map((option: Schema) => (option.type === 'null' ? option : withXmlNames(option, structure))),
    }
  if (structure.kind === 'array') {
    const items = withXmlNames(schema.items as Schema, structure.of)
    return {
      ...schema,
      items: { ...items, xml: { ...(items.xml as object | undefined), name: structure.element } },
      xml: { ...(schema.xml as object | undefined), wrapped: true },
    }
  }
  if (structure.kind !== 'object') return schema
  const properties = Object.entries(schema.properties as Record<string, Schema>).map(([name, member]) => {
    const inside = structure.members.get(name)
    return [name, inside ? withXmlNames(member, inside) : member]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}
