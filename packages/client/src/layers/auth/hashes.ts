// What the platform can hash. Browsers have neither MD5 nor SHA-512/256: there Digest works with SHA-256 only.
import type { DigestAlgorithm } from '@comity/http'
import type { Content } from '../../exchange/request.ts'

export type Hashes = {
  readonly can: (algorithm: DigestAlgorithm) => boolean
  /** In lower-case hexadecimal, of text in UTF-8. */
  readonly text: (algorithm: DigestAlgorithm, text: string) => string | Promise<string>
  /** Of content that comes piece by piece; undefined where the platform hashes only what is whole. */
  readonly running: ((algorithm: DigestAlgorithm) => Running) | undefined
}

export type Running = { readonly update: (piece: Uint8Array) => void; readonly end: () => string }

const names = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const

/** Node's where there is one, else those of Web Crypto. */
export function platformHashes(): Hashes {
  const node = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto')
  if (node === undefined) return webHashes
  return {
    can: algorithm => node.getHashes().includes(names[algorithm]),
    text: (algorithm, text) => node.createHash(names[algorithm]).update(text, 'utf8').digest('hex'),
    running: algorithm => {
      const hash = node.createHash(names[algorithm])
      return { update: piece => void hash.update(piece), end: () => hash.digest('hex') }
    },
  }
}

export const webHashes: Hashes = {
  can: algorithm => algorithm === 'SHA-256',
  text: async (_, text) => hexOf(new TextEncoder().encode(text)),
  running: undefined,
}

async function hexOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** The hash of content to send; undefined where it can be read once only, since then it could not be sent any more. */
export async function contentHash(
  content: Content | undefined,
  algorithm: DigestAlgorithm,
  hashes: Hashes,
): Promise<string | undefined> {
  if (content === undefined) return hashes.text(algorithm, '')
  if (content.kind === 'source' && content.reading === 'once') return undefined
  const running = hashes.running?.(algorithm)
  const whole: number[] = []
  const pieces = content.kind === 'bytes' ? [content.bytes] : content.open()
  for await (const piece of pieces) {
    if (running) running.update(piece)
    else for (const byte of piece) whole.push(byte)
  }
  return running ? running.end() : hexOf(Uint8Array.from(whole))
}
