// comity lint: findings on an API's design, told to a person, a program or an editor.
import { type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { isOnThisMachine } from '../../calling/target.ts'
import { exitCodes } from '../../exit-codes.ts'
import { type Found, lint, reaches } from '../../lint/lint.ts'
import type { Level } from '../../lint/rule.ts'
import { rules } from '../../lint/rules.ts'
import { sarifOf } from '../../lint/sarif.ts'
import { complain, UsageError } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'
import { version } from '../../version.ts'
import { documentFromSource, documentFromText, LintError, type Linted } from './document.ts'

export type LintFlags = CommonFlags & {
  readonly as: 'text' | 'json' | 'sarif'
  readonly failOn: Level | 'never'
  readonly ignore?: readonly string[]
  readonly rules?: boolean
}

/** Also the short forms of the other commands, which no file is called. */
const isUrl = (word: string): boolean => /^https?:\/\//i.test(word) || isOnThisMachine(word)

/** Resolves to the exit code: 1 where something was found that is grave enough, 2 where there was nothing to check. */
export async function lintCommand(source: string | undefined, flags: LintFlags, io: Io): Promise<number> {
  if (flags.rules) return printRules(io)
  if (source === undefined)
    throw new UsageError(
      'There is nothing to check',
      'Name an OpenAPI document, a URL of one, or a source of comity serve.',
    )
  const unknown = flags.ignore?.find(id => !rules.some(rule => rule.id === id))
  if (unknown !== undefined)
    throw new UsageError(`There is no rule “${unknown}”`, 'comity lint --rules prints them all.')
  let linted: Linted
  try {
    linted = isUrl(source) ? await fetched(source, flags, io) : await documentFromSource(source, io.cwd)
  } catch (error) {
    if (error instanceof LintError) return complain(io.stderr, error.message, error.cure, exitCodes.usage)
    return complainOfCall(io.stderr, error)
  }
  const found = lint(linted.document, new Set(flags.ignore))
  io.stdout.write(told(found, linted, flags.as))
  return flags.failOn !== 'never' && reaches(found, flags.failOn) ? exitCodes.failed : exitCodes.ok
}

async function fetched(url: string, flags: LintFlags, io: Io): Promise<Linted> {
  const { client, urls } = await callingFor(flags, io, [url])
  try {
    const [at = url] = urls
    const answer = await client.get(at, { fields: { accept: 'application/json, application/yaml;q=0.9, */*;q=0.1' } })
    return await documentFromText(await answer.text(), at)
  } finally {
    await client.close()
  }
}

function told(found: readonly Found[], linted: Linted, form: LintFlags['as']): string {
  const { name, placeOf } = linted
  if (form === 'sarif') return `${JSON.stringify(sarifOf(found, name, version(), placeOf), null, 2)}\n`
  if (form === 'json') {
    const rows = found.map(({ rule, pointer, message }) => {
      const { id, level, title, reason, fix } = rule
      return { rule: id, level, pointer, ...placeOf(pointer), message, title, reason, fix }
    })
    return `${JSON.stringify(rows, null, 2)}\n`
  }
  return text(found, linted)
}

function text(found: readonly Found[], { name, placeOf }: Linted): string {
  if (found.length === 0) return `${name}: nothing found by ${rules.length} rules.\n`
  const lines: string[] = []
  for (const rule of rules) {
    const own = found.filter(each => each.rule === rule)
    if (own.length === 0) continue
    lines.push(`${rule.level}  ${rule.id}  ${rule.title}`)
    for (const { pointer, message } of own) {
      const place = placeOf(pointer)
      lines.push(`  ${place ? `${name}:${place.line}:${place.column}` : pointer}  ${plain(message)}`)
    }
    lines.push(`  Why: ${rule.reason}`, `  Fix: ${rule.fix}`, '')
  }
  const count = (level: Level) => found.filter(({ rule }) => rule.level === level).length
  lines.push(
    `${name}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('note'), 'note')}.`,
  )
  return `${lines.join('\n')}\n`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** A document may hold what a terminal would obey. */
const plain = (message: string): string => message.replace(/[\p{Cc}\p{Cf}]/gu, '�')

function printRules({ stdout }: Io): number {
  for (const { id, level, title, reason, fix } of rules)
    stdout.write(`${id} (${level})\n  ${title}.\n  Why: ${reason}\n  Fix: ${fix}\n\n`)
  return exitCodes.ok
}
