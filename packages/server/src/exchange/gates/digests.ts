// RFC 9530 on requests: is the content that came the one that was sent?
import { type Digests, formatDigests, type HashAlgorithm, parseDigests } from '@comity/http'
import { type Refused, refuse } from '../answer.ts'
import type { Exchange } from '../exchange.ts'

type Expected = { readonly field: string; readonly digests: Digests }

/**
 * To be asked before the content is read; what is returned, once it is all here. §2: Content-Digest is of the bytes of
 * the message. §3: so is Repr-Digest where a request holds a whole representation, since a content coding is part of it.
 */
export function digestsOf(
  x: Exchange,
  fields: readonly string[] = ['Content-Digest', 'Repr-Digest'],
): Refused | (() => Refused | undefined) {
  if (x.fields['content-digest'] === undefined && x.fields['repr-digest'] === undefined) return none
  const expected: Expected[] = []
  const algorithms = new Set<HashAlgorithm>()
  for (const field of fields) {
    const sent = x.field(field.toLowerCase())
    const read = parseDigests(sent)
    if (read.kind === 'malformed')
      return refuse('invalid-digest', `${field} is “${sent?.slice(0, 200)}”; sha-256=:…: is its form, in Base64.`, {
        errors: [{ field, detail: 'This is not a digest.' }],
      })
    if (read.kind === 'absent') continue
    expected.push({ field, digests: read.digests })
    for (const algorithm of read.digests.keys()) algorithms.add(algorithm)
  }
  if (expected.length === 0) return none
  const digests = x.incoming.hashContent([...algorithms])
  return () => mismatch(expected, digests())
}

const none = () => undefined

function mismatch(expected: readonly Expected[], received: Digests): Refused | undefined {
  for (const { field, digests } of expected)
    for (const [algorithm, said] of digests) {
      const found = received.get(algorithm)
      if (found === undefined || Buffer.compare(found, said) === 0) continue
      const told = (bytes: Uint8Array) => formatDigests(new Map([[algorithm, bytes]]))
      return refuse('digest-mismatch', `${field} says ${told(said)}, and what came has ${told(found)}.`, {
        errors: [{ field, detail: 'The content that came has another digest.' }],
        members: { expected: told(said), received: told(found) },
      })
    }
  return
}
