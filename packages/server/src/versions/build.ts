// The older versions of an API, compiled from their modules at load, from the newest backwards.
import type { ApiDefinition } from '../define/api.ts'
import type { Fault } from '../define/definition-error.ts'
import { isVersionSegment, majorOf, reservedPaths } from '../define/names.ts'
import type { Changes, ServiceChanges, VersionDefinition } from '../define/version.ts'
import type { ApiModel, CollectionModel, ResourceModel, ServiceModel } from '../model/model.ts'
import { checkBothWays } from './both-ways.ts'
import { calledIn, collectionBefore, serviceBefore } from './resources.ts'
import { type CollectionView, itself, type ServiceView, type VersionModel } from './view.ts'
import { historyOf } from './words.ts'

type Say = (place: string, problem: string) => void

/** Adds the versions of the definition to `newest.versions`, the newest of them first. Tells what is wrong with them. */
export function buildVersions(
  definition: ApiDefinition,
  newest: ApiModel,
  add: (version: VersionModel) => void,
): readonly Fault[] {
  const faults: Fault[] = []
  const current = Number(majorOf(newest.version))
  const numbers = new Set<number>()
  for (const { definition: module } of definition.versions ?? []) {
    const say: Say = (place, problem) => faults.push({ place: `versions.${module.number}.${place}`, problem })
    if (numbers.has(module.number)) say('number', 'is the number of two versions')
    if (!Number.isSafeInteger(module.number) || module.number < 0) say('number', 'must be a whole number')
    else if (!(module.number < current)) say('number', `must be below the newest, which is ${current}`)
    checkDates(module, say)
    numbers.add(module.number)
  }
  if (faults.length > 0) return faults
  let next = newestVersion(newest)
  for (const { definition: module } of (definition.versions ?? []).toSorted(
    (a, b) => b.definition.number - a.definition.number,
  )) {
    const say: Say = (place, problem) => faults.push({ place: `versions.${module.number}.${place}`, problem })
    const version = before(module, next, newest, say)
    if (faults.length === 0) checkSamples(module, next, version, say)
    add(version)
    next = version
  }
  return faults
}

function checkDates({ status, deprecated, sunset }: VersionDefinition, say: Say): void {
  for (const [name, date] of Object.entries({ deprecated, sunset }))
    if (date !== undefined && Number.isNaN(Date.parse(date))) say(name, `“${date}” is not a date, such as 2014-12-31`)
  if (status === 'deprecated' && deprecated === undefined) say('deprecated', 'is missing: since when is it?')
  if (deprecated !== undefined && (status ?? 'supported') === 'supported')
    say('status', 'is “deprecated” where a date of that is given')
  // RFC 9745 §4
  if (deprecated && sunset && Date.parse(sunset) < Date.parse(deprecated))
    say('sunset', 'must not be before “deprecated”')
}

/** The newest version, as the one before it looks at it. */
function newestVersion(model: ApiModel): VersionModel {
  const views = model.collections.map((collection): [CollectionModel, CollectionView] => [
    collection,
    { ...itself(collection.fields), number: majorOf(model.version), newest: collection, model: collection },
  ])
  const services = model.services.map((service): [ServiceModel, ServiceView] => [
    service,
    {
      newest: service,
      model: service,
      input: itself(service.input),
      output: itself(service.output),
      query: itself(service.query),
    },
  ])
  return {
    number: majorOf(model.version),
    next: '',
    status: 'supported',
    deprecated: undefined,
    sunset: undefined,
    successor: undefined,
    notes: undefined,
    history: [],
    model,
    collections: new Map(views),
    services: new Map(services),
    newestOf: new Map([...model.collections, ...model.services].map(one => [one, one])),
  }
}

const instant = (date: string | undefined): number | undefined => (date === undefined ? undefined : Date.parse(date))

const pathOf = ({ parent, name }: CollectionModel): string => (parent ? `${parent.name}.${name}` : name)

const unchanged: Changes = { kind: 'changes', steps: [] }

/** A module applied to the version after it. */
function before(module: VersionDefinition, next: VersionModel, newest: ApiModel, say: Say): VersionModel {
  const number = String(module.number)
  const said = new Map(Object.entries(module.resources ?? {}))
  const left = new Set(said.keys())
  const take = (name: string) => {
    left.delete(name)
    return said.get(name)
  }
  const names = new Map(
    [...said].flatMap(([name, one]) => {
      const called = typeof one === 'object' && 'kind' in one ? calledIn(one)?.name : undefined
      return called === undefined ? [] : [[name, called] as const]
    }),
  )
  const collections = new Map<CollectionModel, CollectionView>()
  const services = new Map<ServiceModel, ServiceView>()
  const resources = new Map<string, ResourceModel>()
  const put = (model: ResourceModel, place: string) => {
    if (resources.has(model.name)) say(place, `two resources are at /${model.name} in this version`)
    if (reservedPaths.has(model.name) || isVersionSegment(model.name)) say(place, `the path /${model.name} is reserved`)
    resources.set(model.name, model)
  }
  for (const after of next.collections.values()) {
    const place = `resources.${pathOf(after.model)}`
    const step = take(pathOf(after.model)) ?? unchanged
    const above = after.newest.parent && collections.get(after.newest.parent)
    if (step === 'added' || (after.newest.parent && above === undefined)) continue
    if (!('kind' in step)) {
      say(place, 'is a collection: say changes(…)')
      continue
    }
    const sayHere: Say = (at, problem) => say(`${place}.${at}`, problem)
    const view = collectionBefore(after, step, number, above, names, sayHere)
    collections.set(after.newest, view)
    if (above) (above.model.nested as CollectionModel[]).push(view.model)
    else put(view.model, place)
  }
  for (const after of next.services.values()) {
    const { name } = after.model
    const place = `resources.${name}`
    const step = take(name) ?? {}
    if (step === 'added') continue
    if ('kind' in step) {
      say(place, 'is a service: say { input: changes(…), output: changes(…) }')
      continue
    }
    const view = serviceBefore(after, step as ServiceChanges, number, (at, problem) => say(`${place}.${at}`, problem))
    services.set(after.newest, view)
    put(view.model, place)
  }
  for (const name of left) say(`resources.${name}`, 'is not a resource of the next version')
  return versionOf(module, next, newest, { collections, services, resources })
}

/** Asked of steps that are not at fault in themselves. */
function checkSamples(module: VersionDefinition, next: VersionModel, version: VersionModel, say: Say): void {
  for (const [name, said] of Object.entries(module.resources ?? {})) {
    if (said === 'added') continue
    const here: Say = (at, problem) => say(`resources.${name}.${at}`, problem)
    if ('kind' in said) {
      const after = [...next.collections.values()].find(({ model }) => pathOf(model) === name)
      const view = after && version.collections.get(after.newest)
      if (view) checkBothWays(view, said.steps, 'both', here)
      continue
    }
    const after = [...next.services.values()].find(({ model }) => model.name === name)
    const view = after && version.services.get(after.newest)
    for (const side of ['input', 'output', 'query'] as const)
      if (view) {
        const way = side === 'output' ? 'down' : 'up'
        checkBothWays(view[side], said[side]?.steps ?? [], way, (at, problem) => here(`${side}.${at}`, problem))
      }
  }
}

function versionOf(
  module: VersionDefinition,
  next: VersionModel,
  newest: ApiModel,
  {
    collections,
    services,
    resources,
  }: Pick<VersionModel, 'collections' | 'services'> & { resources: ApiModel['resources'] },
): VersionModel {
  const number = String(module.number)
  const version = {
    number,
    next: next.number,
    status: module.status ?? ('supported' as const),
    deprecated: instant(module.deprecated),
    sunset: instant(module.sunset),
    successor: module.successor,
    notes: module.notes,
    history: Object.entries(module.resources ?? {}).map(([resource, one]) => ({
      resource,
      changes: historyOf(one, next.number),
    })),
    collections,
    services,
    newestOf: new Map<CollectionModel | ServiceModel, CollectionModel | ServiceModel>([
      ...[...collections].map(([after, { model }]) => [model, after] as const),
      ...[...services].map(([after, { model }]) => [model, after] as const),
    ]),
  }
  const model: ApiModel = {
    ...newest,
    version: `${number}.0.0`,
    newestVersion: newest.version,
    older: () => whole,
    resources,
    collections: [...collections.values()].map(view => view.model),
    services: [...services.values()].map(view => view.model),
  }
  const whole: VersionModel = { ...version, model }
  return whole
}
