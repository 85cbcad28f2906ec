// The bank by hand on Fastify, with schemas for what is read and serialisers for what is sent.
import Fastify from 'fastify'
import { openBank, type Posting } from './bank.ts'

const { database, data, compressing } = JSON.parse(process.argv[2] ?? '{}')
const bank = openBank(database, data)
const app = Fastify()
if (compressing) await app.register(import('@fastify/compress'))

const text = { type: 'string' }
const accountSchema = {
  type: 'object',
  properties: { id: text, type: text, name: text, currency: text, balance: text, createdAt: text, updatedAt: text },
}
const transactionSchema = {
  type: 'object',
  properties: {
    id: text,
    accountId: text,
    type: text,
    amount: text,
    date: text,
    description: { type: ['string', 'null'] },
    createdAt: text,
  },
}
const problem = (status: number, title: string) => ({ type: 'about:blank', title, status })

app.get<{ Params: { id: string } }>(
  '/accounts/:id',
  { schema: { response: { 200: accountSchema } } },
  (request, reply) => {
    const found = bank.account(request.params.id)
    if (found === undefined) return reply.code(404).send(problem(404, 'Not found'))
    reply.header('etag', found.tag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === found.tag) return reply.code(304).send()
    return reply.send(found.account)
  },
)

app.get<{ Params: { id: string }; Querystring: { type?: string; limit: number } }>(
  '/accounts/:id/transactions',
  {
    schema: {
      querystring: {
        type: 'object',
        properties: {
          type: { enum: ['debit', 'credit'] },
          limit: { type: 'integer', minimum: 1, maximum: 1000, default: 25 },
        },
      },
      response: { 200: { type: 'array', items: transactionSchema } },
    },
  },
  (request, reply) => {
    const { type, limit } = request.query
    const found = bank.transactions(request.params.id, type, limit)
    return found === undefined ? reply.code(404).send(problem(404, 'Not found')) : reply.send(found)
  },
)

app.post<{ Params: { id: string }; Body: Posting }>(
  '/accounts/:id/transactions',
  {
    schema: {
      body: {
        type: 'object',
        required: ['type', 'amount', 'date'],
        additionalProperties: false,
        properties: {
          type: { enum: ['debit', 'credit'] },
          amount: { type: 'string', pattern: '^(0|[1-9]\\d{0,12})(\\.\\d{1,2})?$' },
          date: { type: 'string', format: 'date' },
          description: { type: 'string', maxLength: 140 },
        },
      },
      response: { 201: transactionSchema },
    },
  },
  (request, reply) => {
    const posted = bank.post(request.params.id, request.body)
    if (posted === 'no-account') return reply.code(404).send(problem(404, 'Not found'))
    if (posted === 'insufficient-funds') return reply.code(422).send(problem(422, 'Insufficient funds'))
    return reply.code(201).header('location', `/accounts/${posted.accountId}/transactions/${posted.id}`).send(posted)
  },
)

console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
process.once('SIGTERM', () => process.exit(0))
