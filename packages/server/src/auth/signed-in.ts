// Sign-ins and what people grant, in the audit log. Who fails to sign in leaves no line there: anybody could fill it.
import type { Exchange } from '../exchange/exchange.ts'
import { signatureOf } from '../exchange/signature.ts'
import type { Signature } from '../store/audit.ts'
import { after, type Later, type Store } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { nameOfCaller } from './caller.ts'
import { noted } from './keeping.ts'

/** In the name of who signed in on a page, by this request. */
export const signatureOfSignIn = (x: Exchange, { id }: Pick<Account, 'id'>, via = ''): Signature => ({
  ...signatureOf(x),
  caller: nameOfCaller({ kind: 'account', id }),
  via,
})

export function noteSignIn(x: Exchange, store: Store, account: Account): Later<void> {
  if (x.runtime.model.audit === 'none') return
  return store.write(tx => {
    tx.signed(signatureOfSignIn(x, account))
    return after(noted(tx, 'signed-in', 'accounts', account.id), () => undefined)
  })
}
