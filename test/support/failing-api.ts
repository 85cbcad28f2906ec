// The notes, as a definition that a server process can load.
import { notesApi } from './notes.ts'

export default notesApi()
