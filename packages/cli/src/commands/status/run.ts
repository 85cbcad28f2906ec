// comity status: the registry of @comity/http for people.
import { problemKinds, type Status, statuses } from '@comity/http'
import { exitCodes } from '../../exit-codes.ts'
import { type Paint, paintFor, paintOfStatus } from '../../output/colour.ts'
import { complain } from '../../output/complain.ts'
import { type Format, rendered } from '../../output/formats.ts'
import { print } from '../../output/print.ts'
import type { Io } from '../../terminal/io.ts'
import { wrapText } from '../../terminal/wrap-text.ts'

export type StatusFlags = { readonly as?: Exclude<Format, 'raw'> }

/** Resolves to the exit code: 1 where no status is meant by the words. */
export async function explainStatus(words: readonly string[], { as }: StatusFlags, io: Io): Promise<number> {
  const found = statusesFor(words.join(' '))
  const paint = paintFor(io, io.stdout)
  const [only] = found
  if (only === undefined)
    return complain(
      io.stderr,
      `No status is meant by “${words.join(' ')}”`,
      'comity status lists them all.',
      exitCodes.failed,
    )
  if (as !== undefined) {
    const value = found.map(entry)
    const width = io.stdout.isTTY === true ? (io.stdout.columns ?? 80) : undefined
    const chosen = value.length === 1 ? value[0] : value
    await print(io.stdout, await rendered(chosen, { format: as, columns: undefined, paint, width }))
    return exitCodes.ok
  }
  const width = Math.min(io.stdout.columns ?? 80, 100)
  await print(io.stdout, found.length === 1 ? explanation(only, paint, width) : list(found, paint))
  return exitCodes.ok
}

/** By its code, its class, or words that stand in its phrase, else in its meaning. */
export function statusesFor(word: string): readonly Status[] {
  const all = [...statuses.values()]
  const wanted = word.trim().toLowerCase()
  if (wanted === '') return all
  if (/^\d{3}$/.test(wanted)) return all.filter(({ code }) => code === Number(wanted))
  const [, first] = /^([1-5])(?:x{2}|\.\.)?$/.exec(wanted) ?? []
  if (first !== undefined) return all.filter(({ code }) => String(code)[0] === first)
  const has = (text: string) => plainWords(text).includes(plainWords(wanted))
  const exact = all.filter(({ reason }) => plainWords(reason) === plainWords(wanted))
  if (exact.length > 0) return exact
  const byPhrase = all.filter(({ reason }) => has(reason))
  if (byPhrase.length > 0) return byPhrase
  const problem = problemKinds.get(wanted)
  if (problem !== undefined) return all.filter(({ code }) => code === problem.status)
  return all.filter(({ meaning, usedBy }) => has(meaning) || has(usedBy ?? ''))
}

const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()

const between = 'A proxy or gateway on the way, about the server behind it.'
const senders: Readonly<Record<number, string>> = {
  407: 'A proxy on the way; the server has not seen the request.',
  502: between,
  504: between,
  511: 'The network on the way, before the server is reached: a captive portal.',
}
const byClass: Readonly<Record<Status['kind'], string>> = {
  informational: 'The server, before its final answer.',
  successful: 'The server; the request has succeeded.',
  redirection: 'The server; more has to be done for the request to succeed.',
  'client-error': 'The server; the request is at fault.',
  'server-error': 'The server, or a gateway before it; the request may be right.',
}

function senderOf({ code, kind, usedBy }: Status): string {
  return usedBy === undefined ? (senders[code] ?? byClass[kind]) : `${usedBy}; it is not registered.`
}

const caching: Readonly<Record<Status['cacheable'], string>> = {
  heuristically: 'Yes, also where nothing says how long.',
  explicitly: 'Only where the answer says so.',
  never: 'No.',
}

function explanation(status: Status, paint: Paint, width: number): string {
  const rows = [
    ['Meaning', status.meaning],
    ['Who sends it', senderOf(status)],
    ['What to do', status.next],
    ['May be cached', caching[status.cacheable]],
    ['Defined in', status.registered ? status.source : 'No standard.'],
  ] as const
  const problems = problemsOf(status.code).map(({ code, title, cure }) => `${code}: ${title}. ${cure}`)
  const lines = [
    paintOfStatus(paint, status.code)(`${status.code} ${status.reason}`),
    '',
    ...rows.flatMap(([name, text]) => labelled(paint.strong(name), name.length, text, width)),
    ...(problems.length === 0 ? [] : ['', paint.strong('Problems of a Comity server with it')]),
    ...problems.flatMap(text => wrapText(text, width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`)),
  ]
  return `${lines.join('\n')}\n`
}

const labels = 15

function labelled(label: string, length: number, text: string, width: number): readonly string[] {
  const [first = '', ...more] = wrapText(text, width - labels)
  return [`${label}${' '.repeat(labels - length)}${first}`, ...more.map(line => ' '.repeat(labels) + line)]
}

function list(found: readonly Status[], paint: Paint): string {
  return found
    .map(status => {
      const note = status.usedBy === undefined ? '' : paint.faint(`  ${status.usedBy}`)
      return `${paintOfStatus(paint, status.code)(String(status.code))} ${status.reason}${note}\n`
    })
    .join('')
}

const problemsOf = (code: number) => [...problemKinds.values()].filter(({ status }) => status === code)

/** The same for a program. */
function entry(status: Status): Readonly<Record<string, unknown>> {
  const { code, reason, kind, registered, source, meaning, advice, next, cacheable } = status
  return {
    code,
    reason,
    class: kind,
    registered,
    meaning,
    sender: senderOf(status),
    next,
    advice,
    cacheable,
    source,
    problems: problemsOf(code).map(problem => problem.code),
  }
}
