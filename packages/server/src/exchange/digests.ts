// RFC 9530 §4 on responses: the digests that are wanted, of what is known before it is sent.
import { createHash } from 'node:crypto'
import { formatDigests, type HashAlgorithm, parseWantedDigest } from '@comity/http'
import type { Answer, Body } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** §3: Repr-Digest, of the whole representation in its coding, also where a part of it is sent, or none. */
export function withReprDigest(x: Exchange, answer: Answer): Answer {
  const field = x.fields['want-repr-digest']
  if (field === undefined || answer.status !== 200 || x.refused !== undefined || !x.isRead()) return answer
  return withDigest(x, answer, 'repr-digest')
}

/** §2: Content-Digest, of the content of this very message. */
export function withContentDigest(x: Exchange, answer: Answer): Answer {
  if (x.fields['want-content-digest'] === undefined || x.method === 'HEAD') return answer
  return withDigest(x, answer, 'content-digest')
}

function withDigest(x: Exchange, answer: Answer, name: 'repr-digest' | 'content-digest'): Answer {
  const algorithm = parseWantedDigest(x.field(`want-${name}`))
  const digest = algorithm && digestOf(answer.body, algorithm)
  return digest === undefined ? answer : { ...answer, fields: { ...answer.fields, [name]: digest } }
}

/** Of bytes that were sent before. What is kept is hashed once, for as long as it is kept. */
const known: Readonly<Record<HashAlgorithm, WeakMap<Uint8Array, string>>> = {
  'sha-256': new WeakMap(),
  'sha-512': new WeakMap(),
}

/** Undefined where only reading it to its end would tell. */
function digestOf(body: Body, algorithm: HashAlgorithm): string | undefined {
  if (typeof body === 'string') return digestOf(Buffer.from(body), algorithm)
  if (body instanceof Uint8Array) {
    const before = known[algorithm].get(body)
    if (before !== undefined) return before
    const digest = formatDigests(new Map([[algorithm, createHash(algorithm).update(body).digest()]]))
    known[algorithm].set(body, digest)
    return digest
  }
  const told = body !== undefined && 'kind' in body ? body.digests?.get(algorithm) : undefined
  return told && formatDigests(new Map([[algorithm, told]]))
}
