// A small API for tests of the server itself: notes with every kind of text, and services that wait, fail and work.
import { type Api, type ApiDefinition, collection, defineApi, integer, optional, service, text } from '@comity/server'
import Type from 'typebox'

/** What a service of the API throws, so that a test can look for it where it must not be. */
export const secret = 'the-secret-of-the-handler'

const notes = collection({
  fields: {
    title: text({ max: 10_000 }),
    body: optional(text({ max: 100_000 })),
    rank: optional(integer()),
    data: optional(Type.Unsafe<unknown>({})),
  },
  nested: { remarks: collection({ fields: { text: text() } }) },
})

/** The notes, with these limits and, in a new database, what `seed` puts in. */
export function notesApi(limits: ApiDefinition['limits'] = {}, seed?: ApiDefinition['seed']): Api {
  return defineApi({
    title: 'Notes',
    limits,
    ...(seed && { seed }),
    resources: {
      notes,
      wait: service({
        input: { ms: integer({ min: 0, max: 10_000, example: 1 }) },
        output: { ms: integer() },
        async handle({ ms }) {
          await new Promise(done => setTimeout(done, ms))
          return { ms }
        },
      }),
      fail: service({
        method: 'POST',
        effect: 'writes',
        input: { how: text({ example: 'throw' }) },
        output: { done: text() },
        async handle({ how }, { tx }) {
          await tx.notes?.add({ title: 'written before the failure' })
          if (how === 'throw') throw new TypeError(secret)
          if (how === 'object') throw { reason: secret }
          if (how === 'null') throw null
          if (how === 'later') await Promise.reject(new Error(secret))
          if (how === 'sql') await tx.notes?.set('no such id', { title: 'x' })
          return how === 'wrong' ? { unknown: secret } : { done: how }
        },
      }),
    },
  })
}
