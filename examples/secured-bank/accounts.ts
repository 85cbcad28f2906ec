// The bank's accounts, of somebody and at some branch: who sees which, and what they may do there.
import { type AccessRule, collection, optional, text } from '@comity/server'
import { accounts as plain, transactions as plainTransactions } from '../bank/accounts.ts'
import { transfers as plainTransfers } from '../bank/transfers.ts'

/** Who works here, or keeps an eye on those who do. */
export const tellers = { role: 'teller' } as const
const auditors = { role: 'auditor' } as const
export const customers = { role: 'customer' } as const

/** The same of everything: tellers their branch, auditors all of it, to read. */
const staff = (of: Omit<AccessRule, 'who' | 'rows'> = {}): readonly AccessRule[] => [
  { who: tellers, rows: 'branch=caller.branch', ...of },
  { who: auditors, may: 'read' },
]

const transactions = collection({
  ...plainTransactions.definition,
  // What is below an account is there for whoever sees the account.
  access: [
    { who: tellers, may: ['GET', 'POST'] },
    { who: 'callers', may: 'read' },
  ],
})

export const accounts = collection({
  ...plain.definition,
  fields: {
    ...plain.definition.fields,
    ownerId: text({ max: 64, description: 'Whose account it is: the id of a customer.', example: 'ann' }),
    branch: text({ max: 40, description: 'Where it is kept.', example: 'Riga' }),
    partner: optional(
      text({ max: 64, description: 'A program that may read it, if its owner lets one.', example: 'budget-app' }),
    ),
    note: optional(text({ max: 200, description: 'Of tellers, for tellers.' })),
  },
  nested: { ...plain.definition.nested, transactions },
  access: [
    ...staff({ may: ['GET', 'POST', 'PUT', 'PATCH'], reveals: ['id'] }),
    {
      who: customers,
      may: ['GET', 'PATCH'],
      rows: 'ownerId=caller.id',
      hidden: ['note'],
      readOnly: ['type', 'currency', 'ownerId', 'branch'],
    },
    { who: { kind: 'client' }, may: 'read', rows: 'partner=caller.id', members: ['name', 'currency', 'balance'] },
  ],
})

export const transfers = collection({
  ...plainTransfers.definition,
  fields: {
    ...plainTransfers.definition.fields,
    byId: text({ max: 64, description: 'Who ordered it; whoever sends it, when not given.' }),
  },
  access: [
    { who: auditors, may: 'read' },
    // From an account of one's own; to any: whether there is such an account is no secret to who would pay into it.
    { who: customers, may: ['GET', 'POST'], rows: 'byId=caller.id', reveals: ['to'] },
  ],
})
