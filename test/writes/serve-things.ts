// A process of its own that serves the things on the database file it is told, and says where.
import { serve } from '@comity/server'
import things from './things.ts'

const { url, close } = await serve(things, { port: 0, database: `sqlite:${process.argv[2]}` })
process.stdout.write(`${url}\n`)
process.stdin.resume().on('end', async () => {
  await close()
  process.exit(0)
})
