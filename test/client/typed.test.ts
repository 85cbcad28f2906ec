// A client typed by the bank's definition: what compiles, what does not, and what comes back over a socket.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ClientOf, createClient, HttpError } from '@comity/client'
import type bank from '../../examples/bank/api.ts'
import { openAccount, type Served, startBank } from '../support/bank.ts'
import { agent } from '../support/call.ts'

let served: Served
let client: ClientOf<typeof bank>

before(async () => {
  served = await startBank()
  client = createClient<typeof bank>({ baseUrl: served.url })
})

after(async () => {
  await client.close()
  agent.destroy()
  await served.close()
})

/** Compiled, never run. */
export async function _types(): Promise<void> {
  const account = await client.accounts.get('1')
  const type: 'current' | 'savings' | 'credit' = account.type
  const balance: string = account.balance
  const entries = await client.accounts
    .of('1')
    .transactions.list({ type: 'debit', amount: { gte: '5' }, sort: '-date' })
  const description: string | null | undefined = entries[0]?.description
  const { result } = await client.convert({ from: 'EUR', to: 'CNY', amount: '1.00' })
  const text: string = result
  void [type, balance, description, text]
  // @ts-expect-error there is no such type
  await client.accounts.list({ type: 'gold' })
  // @ts-expect-error there is no such member
  await client.accounts.list({ colour: 'red' })
  // @ts-expect-error the name is missing
  await client.accounts.create({ type: 'savings', currency: 'EUR' })
  // @ts-expect-error the balance is the server's to write
  await client.accounts.create({ type: 'savings', name: 'a', currency: 'EUR', balance: '1.00' })
  // @ts-expect-error there is no such resource
  await client.acounts.get('1')
  // @ts-expect-error nor below an account
  await client.accounts.of('1').payments.list()
  // @ts-expect-error a decimal is text
  await client.convert({ from: 'EUR', to: 'CNY', amount: 1 })
  await client.accounts.update('1', draft => {
    draft.name = 'b'
    // @ts-expect-error the balance is the server's to write
    draft.balance = '1.00'
  })
  // A description is optional.
  await client.accounts.of('1').transactions.create({ type: 'debit', amount: '1.00', date: '2014-12-31' })
  // Whatever a contract says, the calls of every client are there.
  const untyped: unknown = await client.get('/accounts').json()
  void untyped
}

describe('a client of the bank', () => {
  it('creates, reads, lists, updates and deletes', async () => {
    const made = await client.accounts.create({ type: 'savings', name: 'Boat', currency: 'EUR' })
    assert.equal(made.balance, '0.00')
    assert.deepEqual(await client.accounts.get(made.id), made)
    const listed = await client.accounts.list({ type: ['savings', 'credit'], name: 'Boat' })
    assert.deepEqual(
      listed.map(({ id }) => id),
      [made.id],
    )
    const changed = await client.accounts.update(made.id, draft => {
      draft.name = 'Bigger, boat'
    })
    assert.equal(changed.name, 'Bigger, boat')
    assert.equal((await client.accounts.list({ name: 'Bigger, boat' })).length, 1)
    await client.accounts.delete(made.id)
    await assert.rejects(client.accounts.get(made.id), (error: unknown) => {
      assert.ok(error instanceof HttpError)
      return error.status === 410 || error.status === 404
    })
  })

  it('reaches what is below an item, and services by GET or POST', async () => {
    const { item } = await openAccount(served)
    const { transactions } = client.accounts.of(item.id)
    await transactions.create({ type: 'credit', amount: '12.50', date: '2014-12-31' })
    assert.equal((await client.accounts.get(item.id)).balance, '12.50')
    assert.equal((await transactions.list({ amount: { gte: '12' } })).length, 1)
    const pending = client.convert({ from: 'EUR', to: 'EUR', amount: '2.00' })
    assert.equal((await pending.response).status, 200)
    assert.equal((await pending).result, '2.00')
  })

  it('applies a change again where somebody else wrote meanwhile', async () => {
    const { item, path } = await openAccount(served)
    let round = 0
    const before: Promise<unknown>[] = []
    const changed = await client.accounts.update(
      item.id,
      draft => {
        draft.name = `round ${++round}`
      },
      { onInterim: () => {} },
    )
    assert.equal(changed.name, 'round 1')
    // Somebody who writes between the reading and the writing.
    const meddling = createClient<typeof bank>({
      baseUrl: served.url,
      layers: [
        {
          name: 'metrics',
          around: next => async (request, call) => {
            const incoming = await next(request, call)
            if (request.method === 'GET' && before.length === 0) {
              before.push(
                served.call('PATCH', path, { 'content-type': 'application/merge-patch+json' }, { type: 'credit' }),
              )
              await before[0]
            }
            return incoming
          },
        },
      ],
    })
    round = 0
    const again = await meddling.accounts.update(item.id, draft => {
      draft.name = `again ${++round}`
    })
    assert.deepEqual([again.name, again.type], ['again 2', 'credit'])
    await meddling.close()
  })

  it('is no promise, and names no resource by accident', async () => {
    assert.equal((await Promise.resolve(client)) === client, true)
    assert.equal(JSON.stringify({ client }).includes('accounts'), false)
    assert.equal(String(client), '[object Object]')
    assert.equal(client.resource('accounts'), client.accounts)
  })
})
