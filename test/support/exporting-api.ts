// Notes of some 25 MB in all: more than the sockets between a server and a client hold.
import { notesApi } from './notes.ts'

export const exportedCount = 40_000
const body = 'x'.repeat(400)

export default notesApi({}, async tx => {
  for (let n = 0; n < exportedCount; n++) await tx.notes?.add({ title: String(n), body, data: n })
})
