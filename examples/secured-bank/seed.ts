// Fills a new database, and says once with what everybody may sign in. Nothing of it is fixed: it is made here.
import type { Credentials, Tables } from '@comity/server'

const branches = ['Riga', 'Hanoi'] as const

const people = [
  { login: 'ann', claims: { role: 'customer' } },
  { login: 'binh', claims: { role: 'customer' } },
  { login: 'tess', claims: { role: 'teller', branch: 'Riga' } },
  { login: 'hoa', claims: { role: 'teller', branch: 'Hanoi' } },
  { login: 'aud', claims: { role: 'auditor' } },
] as const

/** What programs may do, whosever they are. */
const scopes = ['accounts:read', 'accounts.transactions:read'] as const

type Told = readonly (readonly [name: string, value: string, what: string])[]

export async function seed(tx: Tables, credentials: Credentials): Promise<void> {
  const told: Told[number][] = []
  for (const { login, claims } of people) {
    const { password } = await credentials.addAccount({ login, id: login, claims })
    const role = 'branch' in claims ? `${claims.role} in ${claims.branch}` : claims.role
    told.push([login.toUpperCase(), password, `password of ${login}, ${role}`])
  }
  const { key, secret: apiKey } = await credentials.createKey({ name: 'budget-app', scopes })
  const { client, secret: clientSecret = '' } = await credentials.addClient({
    name: 'Planner',
    grants: ['client_credentials', 'authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: [...scopes, 'transfers:create'],
  })
  const { consumer, secret: consumerSecret = '' } = await credentials.addConsumer({
    name: 'Ledger',
    scopes,
    twoLegged: 'allowed',
  })
  told.push(
    ['API_KEY', apiKey, 'of the partner budget-app'],
    ['CLIENT_ID', client.id, 'OAuth 2, of the partner Planner'],
    ['CLIENT_SECRET', clientSecret, ''],
    ['CONSUMER_KEY', consumer.key, 'OAuth 1.0, of the partner Ledger'],
    ['CONSUMER_SECRET', consumerSecret, ''],
  )
  await fill(tx, { Household: key.id, 'Rainy day': client.id, Holidays: consumer.key })
  tell(told)
}

/** As a shell reads it. */
function tell(told: Told): void {
  console.log('Made for this database, and told this once:')
  for (const [name, value, what] of told)
    console.log(`${`export ${name}='${value}'`.padEnd(64)}${what && ` # ${what}`}`.trimEnd())
}

/** Two customers at two branches. What each has shared with a partner is told by the account's name. */
async function fill(tx: Tables, partners: Readonly<Record<string, string>>): Promise<void> {
  const accounts = [
    ['ann', 'Household', '1204.00'],
    ['ann', 'Holidays', '310.50'],
    ['binh', 'Workshop', '87.25'],
    ['binh', 'Rainy day', '2000.00'],
  ] as const
  for (const [index, [ownerId, name, balance]] of accounts.entries()) {
    const { id } = await tx.accounts.add({
      type: 'current',
      name,
      currency: 'EUR',
      balance,
      ownerId,
      branch: branches[index % 2] ?? 'Riga',
      partner: partners[name] ?? null,
      note: index === 0 ? 'Called about a card.' : null,
    })
    await tx['accounts.transactions'].add(
      { type: 'credit', amount: balance, date: '2014-03-01', description: name },
      id,
    )
  }
  await tx.rates.add({
    id: 'EUR-VND',
    base: 'EUR',
    quote: 'VND',
    rate: '25910.500000',
    asOf: '2014-12-31T12:00:00.000Z',
  })
}
