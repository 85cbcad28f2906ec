// Version 1, as it was before accounts had a `name` and a plain `balance`.
import { changes, renamed, split, version } from '@comity/server'

export const v1 = version({
  number: 1,
  status: 'deprecated',
  deprecated: '2026-07-01',
  sunset: '2028-07-01',
  notes:
    'An account’s balance is a decimal string by now, like every other amount. `currency` has always been a member.',
  resources: {
    accounts: changes(
      renamed('title', 'name'),
      split('balance', { amount: 'balance', currency: 'currency' }, { keeping: ['currency'] }),
    ),
  },
})
