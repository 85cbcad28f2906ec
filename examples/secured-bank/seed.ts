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

export async function seed(tx: Tables, credentials: Credentials): Promise<void> {
  const told: (readonly [who: string, how: string])[] = []
  for (const { login, claims } of people) {
    const { password } = await credentials.addAccount({ login, id: login, claims })
    const role = 'branch' in claims ? `${claims.role} in ${claims.branch}` : claims.role
    told.push([`${role} ${login}`, `password ${password}`])
  }
  const { key, secret } = await credentials.createKey({
    name: 'budget-app',
    scopes: ['accounts:read', 'accounts.transactions:read'],
  })
  told.push(['partner budget-app', `API key ${secret}`])
  const { client, secret: password = '' } = await credentials.addClient({
    name: 'Planner',
    grants: ['client_credentials', 'authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/callback'],
    scopes: ['accounts:read', 'accounts.transactions:read', 'transfers:create'],
  })
  told.push(['partner Planner', `OAuth 2 client ${client.id}, secret ${password}`])
  await fill(tx, { Household: key.id, 'Rainy day': client.id })
  for (const [who, how] of told) console.log(`${who.padEnd(24)} ${how}`)
}

/** Two customers at two branches; each has shared one account with a partner, which is told by the account's name. */
async function fill(tx: Tables, partners: Readonly<Record<string, string>>): Promise<void> {
  for (const [index, [ownerId, name, balance]] of (
    [
      ['ann', 'Household', '1204.00'],
      ['ann', 'Holidays', '310.50'],
      ['binh', 'Workshop', '87.25'],
      ['binh', 'Rainy day', '2000.00'],
    ] as const
  ).entries()) {
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
