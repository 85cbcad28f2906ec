// What files have to hash to, by a flag or by a file as sha256sum writes it.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../../output/complain.ts'

type Wanted = { readonly sha256?: string; readonly sums?: string }

const hexadecimal = /^[0-9a-f]{64}$/i

/** One for each URL; undefined where none is asked for. @throws UsageError */
export async function digestsFor(
  urls: readonly string[],
  { sha256, sums }: Wanted,
  cwd: string,
): Promise<readonly (string | undefined)[]> {
  if (sha256 !== undefined) {
    if (!hexadecimal.test(sha256)) throw new UsageError('A sha-256 digest is 64 hexadecimal digits')
    if (urls.length > 1)
      throw new UsageError('--sha256 is for one file', 'Name the digests of several with --sums FILE.')
    return [sha256.toLowerCase()]
  }
  if (sums === undefined) return urls.map(() => undefined)
  const text = await readFile(resolve(cwd, sums), 'utf8').catch(() => {
    throw new UsageError(`${sums} cannot be read`)
  })
  const known = parseSums(text)
  return urls.map(url => {
    const digest = known.get(nameOf(url))
    if (digest !== undefined) return digest
    throw new UsageError(`${sums} has no digest for ${nameOf(url)}`)
  })
}

/** `DIGEST  NAME` or `DIGEST *NAME` a line; of a name that is a path the last part counts. */
export function parseSums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, digest, name] = /^\\?([0-9a-f]{64}) [ *](.+)$/i.exec(line) ?? []
    if (digest !== undefined && name !== undefined) sums.set(name.split('/').at(-1) ?? name, digest.toLowerCase())
  }
  return sums
}

/** The last part of the URL's path; its host where that is empty. */
export function nameOf(url: string): string {
  const { pathname, host } = new URL(url)
  const last = pathname.split('/').findLast(Boolean)
  if (last === undefined) return host
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
