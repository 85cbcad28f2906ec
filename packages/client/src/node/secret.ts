// Secrets that are kept elsewhere: a variable of the environment, a file, a password manager.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AuthError } from '../errors.ts'
import type { Secret } from '../layers/auth/scheme.ts'

const patience = 10_000
const longest = 64 * 1024

/**
 * A secret by reference: `env:NAME`, `file:PATH`, or `command:PROGRAM WORD…`, whose output it is. It is looked up when
 * it is first needed, kept, and looked up again where a server refuses it. Space around it is left out. A command runs
 * without a shell, for 10 s at most; `"…"` and `'…'` hold words together.
 * @throws TypeError where the reference is none of these.
 */
export function secret(reference: string): Exclude<Secret, string> {
  const colon = reference.indexOf(':')
  const kind = reference.slice(0, colon)
  const rest = reference.slice(colon + 1)
  const look = kind === 'env' ? inEnvironment : kind === 'file' ? inFile : kind === 'command' ? fromCommand : undefined
  if (look === undefined || rest.trim() === '')
    throw new TypeError('a secret is looked up by env:NAME, file:PATH or command:PROGRAM WORD…')
  let found: Promise<string> | undefined
  let known: string | undefined
  return asked => {
    if (asked?.refresh) {
      found = undefined
      known = undefined
    }
    if (known !== undefined) return known
    found ??= look(rest)
      .then(text => {
        const trimmed = text.trim()
        if (trimmed === '') throw new AuthError(`the secret ${kind}:${firstWord(rest)} is empty`)
        known = trimmed
        return trimmed
      })
      .catch(error => {
        // What failed may be mended until it is needed again.
        found = undefined
        throw error
      })
    return found
  }
}

async function inEnvironment(name: string): Promise<string> {
  const text = process.env[name.trim()]
  if (text === undefined) throw new AuthError(`the variable ${name.trim()} is not set`)
  return text
}

async function inFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new AuthError(`the secret in ${path} cannot be read: ${codeOf(error)}`)
  }
}

// What the program prints is the secret, and what it complains of may hold it: neither is told.
async function fromCommand(line: string): Promise<string> {
  const [program = '', ...words] = wordsOf(line)
  try {
    const { stdout } = await promisify(execFile)(program, words, {
      timeout: patience,
      maxBuffer: longest,
      windowsHide: true,
    })
    return stdout
  } catch (error) {
    const { killed, code } = error as { killed?: boolean; code?: unknown }
    const why = killed ? `took longer than ${patience / 1000} s` : `failed (${String(code)})`
    throw new AuthError(`the command ${program}, which tells a secret, ${why}`)
  }
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

const firstWord = (text: string): string => text.trim().split(/\s/, 1)[0] ?? ''

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for a reason that is not known'
}
