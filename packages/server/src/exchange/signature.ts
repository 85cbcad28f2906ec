// In whose name a request writes, as the audit log tells it.
import type { Signature } from '../store/audit.ts'
import type { Exchange } from './exchange.ts'

export function signatureOf(x: Exchange): Signature {
  const { caller, incoming, method, target } = x
  return {
    request: x.requestId,
    caller: x.callerName,
    scheme: caller?.scheme ?? '',
    via: caller?.via ?? '',
    address: incoming.address(),
    method,
    path: incoming.prefix() + target.path,
  }
}
