// An API with files of several kinds, served for one test file.
import { collection, defineApi, files, text } from '@comity/server'

/** Desks with papers in them, a shelf for anyone, and a board that is read only. */
export const drawers = defineApi({
  title: 'Drawers',
  limits: { file: 64 * 1024 * 1024, parts: 5 },
  resources: {
    desks: collection({
      fields: { name: text({ example: 'By the window' }) },
      nested: {
        papers: files({ description: 'What lies in a desk.' }),
        pictures: files({ accept: ['image/*', 'application/pdf'], size: 100_000, most: 3, disposition: 'inline' }),
      },
    }),
    brochures: files({ disposition: 'inline', trusted: ['image/svg+xml'], cacheControl: 'public, max-age=60' }),
    notices: files({ methods: ['GET'] }),
    deeds: files({ preconditions: 'required', idempotency: 'required' }),
  },
})

export default drawers
