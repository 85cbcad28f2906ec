// The bank by hand on Hono and its server for Node.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { openBank, type Posting } from './bank.ts'

const { database, data, compressing } = JSON.parse(process.argv[2] ?? '{}')
const bank = openBank(database, data)
const app = new Hono()
if (compressing) app.use(compress())
const problem = (status: number, title: string) => ({ type: 'about:blank', title, status })

app.get('/accounts/:id', context => {
  const found = bank.account(context.req.param('id'))
  if (found === undefined) return context.json(problem(404, 'Not found'), 404)
  const fields = { etag: found.tag, 'cache-control': 'no-cache' }
  if (context.req.header('if-none-match') === found.tag) return context.body(null, 304, fields)
  return context.json(found.account, 200, fields)
})

app.get('/accounts/:id/transactions', context => {
  const type = context.req.query('type')
  const limit = Number(context.req.query('limit') ?? 25)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return context.json(problem(400, 'Bad limit'), 400)
  if (type !== undefined && type !== 'debit' && type !== 'credit') return context.json(problem(400, 'Bad type'), 400)
  const found = bank.transactions(context.req.param('id'), type, limit)
  return found === undefined ? context.json(problem(404, 'Not found'), 404) : context.json(found)
})

app.post('/accounts/:id/transactions', async context => {
  const posting = await context.req.json()
  if (!isPosting(posting)) return context.json(problem(400, 'Not a posting'), 400)
  const posted = bank.post(context.req.param('id'), posting)
  if (posted === 'no-account') return context.json(problem(404, 'Not found'), 404)
  if (posted === 'insufficient-funds') return context.json(problem(422, 'Insufficient funds'), 422)
  return context.json(posted, 201, { location: `/accounts/${posted.accountId}/transactions/${posted.id}` })
})

function isPosting(value: unknown): value is Posting {
  if (typeof value !== 'object' || value === null) return false
  const { type, amount, date, description } = value as Record<string, unknown>
  return (
    (type === 'debit' || type === 'credit') &&
    /^(0|[1-9]\d{0,12})(\.\d{1,2})?$/.test(String(amount)) &&
    /^\d{4}-\d{2}-\d{2}$/.test(String(date)) &&
    (description === undefined || (typeof description === 'string' && description.length <= 140))
  )
}

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`http://127.0.0.1:${port}`))
process.once('SIGTERM', () => process.exit(0))
