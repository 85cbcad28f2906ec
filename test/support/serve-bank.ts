// A process of its own that serves the bank on the database file it is told, and says where.
import { serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'

const { url, close } = await serve(bank, { port: 0, database: `sqlite:${process.argv[2]}` })
process.stdout.write(`${url}\n`)
process.stdin.resume().on('end', async () => {
  await close()
  process.exit(0)
})
