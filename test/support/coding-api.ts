// An API with little and much to compress, and with what must not be.
import { type ApiDefinition, collection, defineApi, optional, service, text } from '@comity/server'

export const long = 'It compresses, since it says the same again and again. '.repeat(80)

const notes = { title: text({ max: 1_000 }), body: optional(text({ max: 500_000 })) }

export const codingApi = (more: Partial<ApiDefinition> = {}) =>
  defineApi({
    title: 'Codings',
    limits: { body: 4 * 1024 * 1024 },
    resources: {
      notes: collection({ fields: notes, id: text() }),
      secrets: collection({
        fields: notes,
        id: text(),
        sensitive: true,
        nested: { remarks: collection({ fields: { text: text({ max: 10_000 }) } }) },
      }),
      proofs: collection({ fields: notes, id: text(), cacheControl: 'no-cache, no-transform' }),
      echo: service({
        input: { word: text({ max: 5_000 }) },
        output: { text: text({ max: 500_000 }) },
        handle: ({ word }) => ({ text: word.repeat(40) }),
      }),
      tell: service({
        method: 'POST',
        input: { word: text() },
        output: { text: text({ max: 500_000 }) },
        handle: ({ word }) => ({ text: word.repeat(400) }),
      }),
      whisper: service({
        sensitive: true,
        input: { word: text() },
        output: { text: text({ max: 500_000 }) },
        handle: ({ word }) => ({ text: word.repeat(400) }),
      }),
    },
    seed: async tx => {
      for (const name of ['notes', 'secrets', 'proofs']) {
        await tx[name]?.add({ id: 'short', title: 'Short' })
        await tx[name]?.add({ id: 'long', title: 'Long', body: long })
      }
      await tx.notes?.add({ id: 'longest', title: 'Longest', body: long.repeat(40) })
      await tx['secrets.remarks']?.add({ text: long }, 'long')
    },
    ...more,
  })
