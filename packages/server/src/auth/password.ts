// RFC 9106: passwords are kept as argon2id hashes. Each costs memory and time on purpose, so that only so many are worked
// out at once, and only so many wait.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a hash costs: `memory` in KiB, `passes` over it. OWASP's second choice: 19 MiB, some 40 ms. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const tagLength = 32

/** Most bytes of a password, in UTF-8; longer ones are not looked at. */
export const mostPasswordBytes = 1_024

/** RFC 8265 §4.2: as it is compared. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFC'), 'utf8')

/** Whether it may be one at all. */
export const isPassword = (password: string): boolean =>
  password !== '' && password.length <= mostPasswordBytes && bytesOf(password).length <= mostPasswordBytes

/** The hash to keep, as `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await inTurn(() => derive(bytesOf(password), { ...cost, salt, length: tagLength }))
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`
}

/** Too many passwords wait to be compared. */
export class TooManyPasswords extends Error {
  override name = 'TooManyPasswords'
}

/**
 * Whether a password is the one that was hashed. Where there is no hash, as much work is done, and it is not.
 * @throws TooManyPasswords
 */
export async function isPasswordOf(hash: string | undefined, password: string): Promise<boolean> {
  const kept = parse(hash ?? nobodys) ?? parse(nobodys)
  if (kept === undefined) throw new TypeError('the hash of nobody’s password is malformed')
  const made = await inTurn(() => derive(bytesOf(password), { ...kept, length: kept.tag.length }))
  return timingSafeEqual(made, kept.tag) && hash !== undefined
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/** Compared with where an account has no password or there is none; no password has this hash. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=1$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(tagLength))}`

type Kept = {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tag: Buffer
}

function parse(hash: string): Kept | undefined {
  const found = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(hash)
  const [, memory, passes, parallelism, salt, tag] = found ?? []
  if (salt === undefined || tag === undefined) return undefined
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

type Derivation = Omit<Kept, 'tag'> & { readonly length: number }

function derive(message: Buffer, { memory, passes, parallelism, salt, length }: Derivation): Promise<Buffer> {
  runs++
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, parallelism, tagLength: length, memory, passes }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    )
  })
}

let runs = 0

/** How often a password was hashed or compared in this process. */
export const passwordRuns = (): number => runs

/** At once: 19 MiB and one thread each. Waiting: some two seconds of work. */
const most = { running: 2, waiting: 64 } as const
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < most.running) running++
  else if (waiting.length >= most.waiting) throw new TooManyPasswords('too many passwords wait to be compared')
  else await new Promise<void>(resolve => waiting.push(resolve))
  try {
    return await work()
  } finally {
    // Whoever waits takes the place over.
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
