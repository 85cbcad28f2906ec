// The drawers, for files of any size.
import { defineApi, files } from '@comity/server'

export default defineApi({ title: 'Drawers', resources: { brochures: files() } })
