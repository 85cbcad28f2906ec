// Definition → model, once, at load.
import { type ProblemKind, problemKinds } from '@comity/http'
import { accessOf } from '../access/build.ts'
import type { ApiDefinition, ProblemDefinition } from '../define/api.ts'
import { cacheControlField } from '../define/caching.ts'
import { checkApi } from '../define/check.ts'
import { DefinitionError, type Fault } from '../define/definition-error.ts'
import type { Service } from '../define/service.ts'
import { buildVersions } from '../versions/build.ts'
import type { VersionModel } from '../versions/view.ts'
import { collectionModel, relate, tableNames } from './collection.ts'
import { compressionOf } from './compression.ts'
import { fieldOf } from './field.ts'
import type { ApiModel, CollectionModel, Limits, Retention, ServiceModel } from './model.ts'

/** Bounds that hold unless the definition says otherwise. */
export const defaultLimits: Limits = {
  url: 8_000,
  body: 1_048_576,
  import: 1024 * 1024 * 1024,
  file: 1024 * 1024 * 1024,
  parts: 100,
  uploads: 100,
  uploadBytes: 16 * 1024 * 1024 * 1024,
  depth: 32,
  members: 50_000,
  words: 100,
  values: 100,
  bodyTimeout: 20_000,
  handler: 30_000,
  replay: 1_048_576,
  jobs: 2,
  queuedJobs: 1_000,
  ratio: 250,
  cache: 64 * 1024 * 1024,
  history: 8 * 1024 * 1024,
}

const day = 24 * 60 * 60 * 1000

/** How long things are remembered unless the definition says otherwise. */
export const defaultRetention: Retention = { keys: day, tombstones: 90 * day, jobs: day, uploads: day }

/** @throws DefinitionError with every fault and its place. */
export function buildModel(definition: ApiDefinition): ApiModel {
  const faults = checkApi(definition)
  if (faults.length > 0) throw new DefinitionError(faults)
  const limits = { ...defaultLimits, ...definition.limits }
  const { languages = [] } = definition
  const tableFor = tableNames()
  const resources = new Map<string, CollectionModel | ServiceModel>()
  for (const [name, resource] of Object.entries(definition.resources))
    resources.set(
      name,
      resource.kind === 'service'
        ? serviceModel(name, resource, limits)
        : collectionModel(name, resource, undefined, { limits, languages, access: definition.access, tableFor }),
    )
  for (const [name, resource] of Object.entries(definition.resources))
    if (resource.kind === 'collection') relate(name, resource, resources)
  const all = [...resources.values()]
  const collections = all.flatMap(resource => (resource.kind === 'collection' ? [resource, ...resource.nested] : []))
  const versions = new Map<string, VersionModel>()
  const wrong: Fault[] = []
  const model: ApiModel = {
    title: definition.title,
    description: definition.description,
    version: definition.version ?? '1.0.0',
    resources,
    collections,
    services: all.filter(resource => resource.kind === 'service'),
    problems: new Map([...problemKinds, ...Object.entries(definition.problems ?? {}).map(problemRow)]),
    limits,
    retention: { ...defaultRetention, ...definition.retention },
    languages,
    compression: compressionOf(definition.compression),
    audit: definition.audit ?? 'none',
    versions,
    older: () => undefined,
    rateProblems: rateProblemsOf(definition.rates),
    access: accessOf(definition, { resources, limits }, fault => wrong.push(fault)),
    seed: definition.seed as ApiModel['seed'],
  }
  if (wrong.length === 0)
    wrong.push(...buildVersions(definition, model, version => versions.set(version.number, version)))
  if (wrong.length > 0) throw new DefinitionError(wrong)
  return model
}

function rateProblemsOf(rates: ApiDefinition['rates'] = {}): readonly string[] {
  const codes = Object.values(rates).map(({ beyond }) => (beyond === 'pay' ? 'quota-exhausted' : 'rate-limited'))
  return [...new Set(codes)]
}

function serviceModel(name: string, { definition }: Service, limits: Limits): ServiceModel {
  const isLong = definition.duration === 'long'
  const method = definition.method ?? (isLong ? 'POST' : 'GET')
  return {
    kind: 'service',
    name,
    description: definition.description,
    method,
    methods: method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : ['POST', 'OPTIONS'],
    input: Object.entries(definition.input as ApiDefinitionFields).map(([member, schema]) => fieldOf(member, schema)),
    output: Object.entries(definition.output as ApiDefinitionFields).map(([member, schema]) => fieldOf(member, schema)),
    query: Object.entries((definition.query ?? {}) as ApiDefinitionFields).map(([word, schema]) =>
      fieldOf(word, schema),
    ),
    effect: definition.effect ?? 'reads',
    idempotency: definition.idempotency ?? 'optional',
    refusals: definition.refusals ?? [],
    cacheControl: cacheControlField(definition.cacheControl),
    sensitive: definition.sensitive ?? false,
    timeout: definition.timeout ?? limits.handler,
    handle: definition.handle as unknown as ServiceModel['handle'],
    work: isLong ? definition.handle : undefined,
    afterRestart: definition.afterRestart ?? 'resume',
  }
}

type ApiDefinitionFields = Parameters<typeof fieldOf>[1] extends infer Schema ? Record<string, Schema> : never

function problemRow([code, row]: readonly [string, ProblemDefinition]): [string, ProblemKind] {
  const { status, title, explanation = title, cure = '', messages = {} } = row
  return [
    code,
    {
      code,
      status,
      title,
      explanation,
      cure,
      messages: { en: messages.en ?? title, ru: messages.ru ?? title, vi: messages.vi ?? title },
      source: 'RFC 9457 §4',
    },
  ]
}
