// The words of a command as options of a call.
import type { BodyValue, RequestOptions } from '@comity/client'
import type { Word } from './words.ts'

export function optionsOf(
  words: readonly Word[],
  body: BodyValue | undefined,
  signal: AbortSignal | undefined,
): RequestOptions {
  const params = words.filter(word => word.kind === 'param')
  const fields = words.filter(word => word.kind === 'field')
  return {
    ...(params.length === 0 ? {} : { params: new URLSearchParams(params.map(({ name, value }) => [name, value])) }),
    ...(fields.length === 0 ? {} : { fields: joined(fields) }),
    ...Object.assign(
      {},
      ...fields.map(({ name, value }) => (value === undefined ? withoutLayer[name.toLowerCase()] : {})),
    ),
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** Fields that a layer of the client would put on after the words are read. */
const withoutLayer: Readonly<Record<string, RequestOptions>> = {
  authorization: { auth: false },
  cookie: { cookies: false },
  'accept-encoding': { coding: false },
  'idempotency-key': { idempotency: false },
}

/** RFC 9110 §5.3: lines of one name are one value. */
function joined(fields: readonly Extract<Word, { readonly kind: 'field' }>[]): Record<string, string | undefined> {
  const byName = Map.groupBy(fields, ({ name }) => name.toLowerCase())
  return Object.fromEntries(
    [...byName].map(([name, lines]) => {
      const values = lines.flatMap(({ value }) => (value === undefined ? [] : [value]))
      return [name, values.length === 0 ? undefined : values.join(name === 'cookie' ? '; ' : ', ')]
    }),
  )
}
