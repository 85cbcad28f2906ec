// The bank, with a lock: customers see their own accounts, tellers those of their branch, an auditor all of them, and a partner's
// program those that a customer has shared with it.
import {
  apiKeys,
  authorizationServer,
  basic,
  collection,
  defineApi,
  digest,
  oauth1,
  type ServiceAccess,
} from '@comity/server'
import bank from '../bank/api.ts'
import { problems } from '../bank/problems.ts'
import { runStatements } from '../bank/statements.ts'
import { accounts, tellers, transfers } from './accounts.ts'
import { seed } from './seed.ts'

const { convert, rates } = bank.definition.resources

/** The same service, for those. */
const letting = <S extends { readonly definition: object }>(service: S, access: ServiceAccess): S => ({
  ...service,
  definition: { ...service.definition, access },
})

export default defineApi({
  title: 'Secured bank',
  description: 'A small bank in which everybody sees what is theirs.',
  version: '1.0.0',
  authentication: [
    basic({ realm: 'Secured bank' }),
    digest({ realm: 'Secured bank' }),
    apiKeys(),
    authorizationServer({
      scopes: {
        'accounts:read': 'See the accounts and what is on them',
        'accounts.transactions:read': 'See what was paid from and into them',
        'transfers:read': 'See your transfers',
        'transfers:create': 'Send money in your name',
      },
    }),
    oauth1({ realm: 'Secured bank' }),
  ],
  cors: { origins: ['https://app.secured-bank.example'] },
  resources: {
    accounts,
    transfers,
    rates: collection({
      ...rates.definition,
      access: [
        { who: 'anyone', may: 'read' },
        { who: tellers, may: ['PUT', 'PATCH'] },
      ],
    }),
    convert: letting(convert, 'anyone'),
    'statements-run': letting(runStatements, [{ who: tellers }]),
  },
  problems,
  seed,
})
