// What the authorization server keeps, as records of the API's database: sessions, grants, codes, tokens. All of it ends.
import type { RecordTransaction } from '../../keeping.ts'

/** What oidc-provider calls it. */
export const recordKind = (model: string): string => `oauth:${model}`

const ofClients = ['AccessToken', 'ClientCredentials', 'AuthorizationCode', 'RefreshToken', 'Grant'].map(recordKind)

/** Wherever the account is signed in, it is so no more. What it granted to clients stands. */
export const forgetSessionsOf = (tx: RecordTransaction, account: string) =>
  tx.removeRecordsNamed(recordKind('Session'), 'account', account)

/** Everything that was granted to a client. */
export async function forgetTokensOf(tx: RecordTransaction, client: string): Promise<void> {
  for (const kind of ofClients) await tx.removeRecordsNamed(kind, 'client', client)
}
