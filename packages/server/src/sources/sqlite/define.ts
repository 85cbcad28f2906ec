// What was found, as the definition of an API.
import Type from 'typebox'
import { type Api, type ApiDefinition, defineApi, type Resources } from '../../define/api.ts'
import { collection } from '../../define/collection.ts'
import {
  boolean,
  date,
  dateTime,
  decimal,
  integer,
  list,
  number,
  oneOf,
  optional,
  reference,
  text,
} from '../../define/fields.ts'
import { related } from '../../define/related.ts'
import type { Found } from './describe.ts'
import { type Given, isWords, resourceWords, type Words } from './words.ts'

const builders: Readonly<Record<Words['call'], unknown>> = {
  text,
  oneOf,
  integer,
  number,
  decimal,
  boolean,
  date,
  dateTime,
  list,
  reference,
  optional,
  related,
  collection,
  'Type.Unknown': Type.Unknown,
  'Type.Unsafe': Type.Unsafe,
}

function made(given: Given | undefined): unknown {
  if (typeof given !== 'object') return given
  if (isWords(given)) return (builders[given.call] as (...given: unknown[]) => unknown)(...given.given.map(made))
  if (Array.isArray(given)) return given.map(made)
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, made(value)]))
}

/** @throws DefinitionError */
export function defineFound(title: string, { resources }: Found, access: 'read-write' | 'read-only'): Api {
  const definition: ApiDefinition = {
    title,
    resources: Object.fromEntries(
      resources.map(resource => [
        resource.name,
        made(resourceWords(access === 'read-only' ? { ...resource, access } : resource)),
      ]),
    ) as Resources,
  }
  return defineApi(definition)
}
