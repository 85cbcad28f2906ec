// An offline phone brings what it did, and takes home what happened here, all of it or nothing.
import {
  dateTime,
  type Fields,
  list,
  object,
  oneOf,
  optional,
  Refusal,
  service,
  type Tables,
  text,
} from '@comity/server'
import { accounts, transactions } from './accounts.ts'
import { answerOf, applyWishes, conflictsOf, type Sent, type Side, settle, wishesOf } from './merge.ts'

const id = (description: string) => text({ min: 1, description, example: '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50' })
const token = (description: string) => text({ max: 40, description, example: 'i1k3v9c0.4q' })
const instant = dateTime({ example: '2014-12-31T12:00:00.000Z' })

/** Members that need not all be there: what must be, the rules of the collection say. */
const some = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, optional(field)]))

const account = object(
  {
    id: id('A UUID, chosen by whoever creates it.'),
    ...some({ ...accounts.definition.fields, createdAt: instant, updatedAt: instant }),
  },
  { element: 'account' },
)
const accountId = id('The account it belongs to.')
const transaction = object(
  {
    id: id('A UUID, chosen by whoever creates it.'),
    accountId,
    ...some({ ...transactions.definition.fields, createdAt: instant }),
  },
  { element: 'transaction' },
)

const phone = { id: '0149f2c1-5c00-7a3e-8f4d-2b6c9e1d7a50', type: 'current', name: 'On the way', currency: 'EUR' }
const tea = {
  id: '0149f2c2-7e40-7b58-a1c6-4f9d3e2b8c70',
  accountId: phone.id,
  type: 'credit',
  amount: '12.50',
  date: '2014-03-01',
}

const sides = (entry: typeof account, gone: typeof account, description: string, example?: unknown) =>
  object(
    { created: optional(list(entry)), changed: optional(list(entry)), deleted: optional(list(gone)) },
    { description, ...(example !== undefined && { example }) },
  )

const goneAccount = object({ id: id('Which.') }, { element: 'account' })
const goneTransaction = object({ id: id('Which.'), accountId: optional(accountId) }, { element: 'transaction' })

export const synchronize = service({
  method: 'POST',
  effect: 'writes',
  description:
    'Applies what was created, changed and deleted elsewhere since the token, by the rules of single writes, all or nothing; answers what happened here since, and the next token. Without a token, everything there is. An item that both sides changed is a conflict: 409, and nothing is applied, unless `prefer` says whose version stands. The other side’s own changes are not told back, but for what the rules made of them, such as a balance.',
  input: {
    since: optional(token('The token of the last answer.')),
    accounts: optional(
      sides(account, goneAccount, 'Of a changed account, the changed members suffice.', { created: [phone] }),
    ),
    transactions: optional(
      sides(transaction, goneTransaction, 'Transactions are only ever created.', { created: [tea] }),
    ),
  },
  output: {
    token: token('For the next time.'),
    accounts: sides(account, goneAccount, 'What happened here.'),
    transactions: sides(transaction, goneTransaction, 'What happened here.'),
  },
  query: { prefer: optional(oneOf('client', 'server')) },
  refusals: [
    'sync-conflict',
    'insufficient-funds',
    'rule-refused',
    'already-exists',
    'still-referenced',
    'change-token-invalid',
    'change-token-expired',
  ],
  async handle(input, { tx, query, token }) {
    const since = input.since ?? undefined
    const both = [
      await sideOf('accounts', tx.accounts, since, input.accounts),
      await sideOf('transactions', tx['accounts.transactions'], since, input.transactions),
    ] as const
    const conflicts = both.flatMap(side => conflictsOf(side))
    if (conflicts.length > 0 && query.prefer === null)
      throw new Refusal('sync-conflict', {
        detail: `${conflicts.length === 1 ? 'One item was' : `${conflicts.length} items were`} changed on both sides.`,
        errors: conflicts.map(({ at, detail }) => ({ pointer: at, detail })),
        members: { conflicts: conflicts.map(({ shown }) => shown) },
      })
    for (const side of both) settle(side, query.prefer)
    const [ofAccounts, ofTransactions] = both
    // What a transaction needs comes before it, and what it may still need goes last.
    await applyWishes(ofAccounts, ['created', 'changed'])
    await applyWishes(ofTransactions, ['created'])
    await applyWishes(ofAccounts, ['deleted'])
    const isSame = both.every(({ wishes }) => wishes.size === 0)
    const now = (side: Side) => (isSame ? side.before : side.table.changes(since))
    return {
      token: await token(),
      accounts: answerOf(ofAccounts, await now(ofAccounts)),
      transactions: answerOf(
        ofTransactions,
        await now(ofTransactions),
        ({ accountId }) => ofAccounts.sent.get(accountId)?.how === 'deleted',
      ),
    }
  },
})

async function sideOf(name: string, table: Tables[string], since: string | undefined, given: unknown): Promise<Side> {
  const wishes = wishesOf(name, (given ?? {}) as Sent)
  if (name === 'transactions')
    for (const { how, at } of wishes.values())
      if (how !== 'created') {
        const detail = 'A transaction is never changed once it is written, nor deleted.'
        throw new Refusal('rule-refused', { detail, errors: [{ pointer: at, detail }] })
      }
  return { name, table, sent: new Map(wishes), wishes, before: await table.changes(since), written: new Map() }
}
