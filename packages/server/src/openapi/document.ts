// OpenAPI 3.1.1: the whole description of an API, written once from its model.

import { oneOfThem, spoken } from '../define/names.ts'
import type { ApiModel, CollectionModel } from '../model/model.ts'
import { collectionPath } from './collection-operations.ts'
import { withDigests } from './digests.ts'
import { newDraft } from './draft.ts'
import { itemPath } from './item-operations.ts'
import { jobPaths, jobsTag } from './job-operations.ts'
import { withKey } from './key.ts'
import type { Base, OpenApiDocument, PathItem, SecuritySchemes, Tag } from './kind.ts'
import { withRates } from './limited.ts'
import { tagOf } from './operation.ts'
import { otherAnswers } from './other-answers.ts'
import { withSecurity } from './security.ts'
import { servicePath } from './service-operations.ts'
import { systemPaths, systemTag } from './system-operations.ts'
import { uploadPaths } from './upload-operations.ts'

/**
 * The description of the API as a plain JSON value, with every path, method, parameter, status and an example of each
 * body. Nothing in it depends on a request: make it once for each base.
 */
export function openApiDocument(model: ApiModel, { url }: Base, schemes: SecuritySchemes = {}): OpenApiDocument {
  const draft = newDraft(model, url)
  const paths: Record<string, PathItem> = {}
  for (const collection of model.collections) {
    const { idempotency } = collection
    const held = (item: PathItem) => withSecurity(draft, schemes, withKey(draft, item, idempotency), collection)
    paths[pathOf(collection)] = held(collectionPath(draft, collection))
    paths[pathOfItem(collection)] = held(itemPath(draft, collection))
  }
  for (const service of model.services)
    paths[`/${service.name}`] = withSecurity(
      draft,
      schemes,
      withKey(draft, servicePath(draft, service), service.idempotency),
      service,
    )
  for (const [path, item] of Object.entries({ ...jobPaths(draft), ...uploadPaths(draft) }))
    paths[path] = withSecurity(draft, schemes, item, undefined)
  for (const [path, item] of Object.entries(paths)) paths[path] = withRates(draft, item)
  Object.assign(paths, systemPaths(draft))
  for (const [path, item] of Object.entries(paths)) paths[path] = withDigests(draft, item)
  const others = otherAnswers(draft)
  const used = JSON.stringify([paths, others])
  const isUsed = ([name]: readonly [string, unknown]) => used.includes(`"#/components/responses/${name}"`)
  return {
    openapi: '3.1.1',
    info: { title: model.title, version: model.version, description: introduction(model) },
    jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base',
    servers: [{ url: url || '/', description: 'This server.' }],
    security: [],
    tags: [...model.collections.map(tagOfCollection), ...model.services.map(tagOfService), jobsTag, systemTag],
    paths: withUniqueIds(paths, model.older()?.status === 'deprecated'),
    ...others,
    components: {
      ...draft.shared,
      // A response that became part of another one is not told of by itself.
      responses: Object.fromEntries(Object.entries(draft.shared.responses).filter(isUsed)),
      ...(Object.keys(schemes).length > 0 && { securitySchemes: schemes }),
    },
  }
}

/** §4.8.10.1: two resources may come to the same names (`account-transactions`, and the transactions of accounts). */
function withUniqueIds(
  paths: Readonly<Record<string, PathItem>>,
  isDeprecated: boolean,
): Readonly<Record<string, PathItem>> {
  const taken = new Set<string>()
  const unique = (operationId: string): string => {
    let id = operationId
    for (let number = 2; taken.has(id); number++) id = operationId + number
    taken.add(id)
    return id
  }
  const named = (item: PathItem): PathItem =>
    Object.fromEntries(
      Object.entries(item).map(([method, operation]) => [
        method,
        'operationId' in operation
          ? {
              ...operation,
              operationId: unique(operation.operationId),
              ...(isDeprecated && { deprecated: true }),
            }
          : operation,
      ]),
    )
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, named(item)]))
}

/** `/accounts`, `/accounts/{accountId}/transactions` */
export function pathOf({ parent, parentField, name }: CollectionModel): string {
  return parent && parentField ? `/${parent.name}/{${parentField.name}}/${name}` : `/${name}`
}

/** `/accounts/{id}`; of files `/brochures/{name}` */
export const pathOfItem = (collection: CollectionModel): string =>
  `${pathOf(collection)}/{${collection.files ? 'name' : 'id'}}`

const tagOfCollection = (collection: CollectionModel): Tag => ({
  name: tagOf(collection),
  description:
    collection.description ??
    (collection.parent
      ? `The ${spoken(collection.name)} of ${oneOfThem(collection.parent.singular)}.`
      : `The ${spoken(collection.name)}.`),
})

const tagOfService = ({ name, description }: ApiModel['services'][number]): Tag => ({
  name,
  description: description ?? `The service ${spoken(name)}.`,
})

function introduction({ description, version }: ApiModel): string {
  const major = version.split('.')[0]
  return [
    ...(description ? [description] : []),
    `**Formats.** JSON, XML, CSV, NDJSON and CBOR, in both directions: by \`Accept\` and \`Content-Type\`, or by an extension of the path (\`.json\`, \`.xml\`, \`.csv\`, \`.ndjson\`, \`.cbor\`), which wins over \`Accept\`. Browsers, and whoever accepts \`text/html\`, get pages (\`.html\`).`,
    `**Versions.** Every path may be preceded by \`/v${major}\`; without it, the newest version answers. Every answer says its version in \`API-Version\`; the changelog (\`/changelog\`) tells what changed between them.`,
    `**Problems** are \`application/problem+json\` or \`application/problem+xml\` (RFC 9457). Their \`type\` is the address of a page that explains them and says what to do; \`code\` is for programs.`,
    `**Beside the operations.** OpenAPI 3.1 has no place for QUERY (RFC 10008): it stands in \`x-query\` of a path. What any path answers to a method that is not its own is in \`x-other-methods\`, and to one slash too many at its end in \`x-trailing-slash\`; what any other path answers is in \`x-other-paths\`.`,
  ].join('\n\n')
}
