// comity explain: one request, and why it was answered so.

import { statuses } from '@comity/http'
import { type Calling, type CommonFlags, callingFor } from '../../calling/client.ts'
import { complainOfCall } from '../../calling/failure.ts'
import { exitCodes } from '../../exit-codes.ts'
import { type Paint, paintFor, paintOfStatus } from '../../output/colour.ts'
import { UsageError } from '../../output/complain.ts'
import { print, ReaderGone } from '../../output/print.ts'
import { safeLine } from '../../output/safe-text.ts'
import type { About, Finding } from '../../promises/finding.ts'
import { lookAt } from '../../promises/look.ts'
import type { Io } from '../../terminal/io.ts'
import { type ContentFlags, contentFor } from '../call/content.ts'
import { optionsOf } from '../call/options.ts'
import { wordOf } from '../call/words.ts'
import { type Asked, ask, observe } from './observe.ts'
import { type Way, wayOf } from './way.ts'

export type ExplainFlags = CommonFlags &
  ContentFlags & {
    readonly as: 'text' | 'json'
    readonly promises?: boolean
    readonly more: boolean
  }

/** Resolves to the exit code: 0 where there was an answer, whatever it was. */
export async function explainCommand(
  verb: string,
  url: string,
  texts: readonly string[],
  flags: ExplainFlags,
  io: Io,
): Promise<number> {
  const method = verb.toUpperCase()
  if (!/^[!#$%&'*+\-.^_`|~A-Z0-9]+$/.test(method))
    throw new UsageError(`“${verb}” is no method`, 'Write comity explain GET URL.')
  let calling: Calling | undefined
  try {
    const words = texts.map(wordOf)
    const body = await contentFor(method, words, flags, io)
    calling = await callingFor(flags, io, [url], {
      cache: false,
      dedupe: false,
      coding: false,
      retry: false,
      redirect: false,
    })
    const { client } = calling
    const target = calling.urls[0] as string
    const options = optionsOf(words, body, io.interrupted)
    const asked = await ask(client, method, target, options)
    const way = flags.promises === true ? undefined : await wayOf(client, asked, options)
    if (way !== undefined) {
      await print(io.stdout, flags.as === 'json' ? json(way) : wayText(way, asked, paintFor(io, io.stdout)))
      return exitCodes.ok
    }
    const findings = lookAt(await observe(client, method, asked, options, flags.more ? 'more' : 'once'))
    const told = { method, url: asked.url, status: asked.answer.status, findings }
    await print(
      io.stdout,
      flags.as === 'json' ? json(told) : promisesText(method, asked, findings, paintFor(io, io.stdout)),
    )
    return exitCodes.ok
  } catch (error) {
    if (error instanceof ReaderGone) return exitCodes.ok
    if (io.interrupted.aborted) return exitCodes.interrupted
    return complainOfCall(io.stderr, error)
  } finally {
    await calling?.close()
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

function headLines(method: string, { url, answer }: Asked, paint: Paint): readonly string[] {
  const known = statuses.get(answer.status)
  const status = `${answer.status} ${known?.reason ?? ''}`.trim()
  return [
    `${paint.strong(method)} ${safeLine(url)}`,
    paintOfStatus(paint, answer.status)(status) + (known ? `  ${known.meaning}` : ''),
    '',
  ]
}

const marks = { passed: '✓', answered: '●', 'not-asked': '·' } as const

function wayText({ method, gates }: Way, asked: Asked, paint: Paint): string {
  const longest = Math.max(...gates.map(({ gate }) => gate.length))
  const lines = gates.map(({ gate, section, outcome, because }) => {
    const line = `${marks[outcome]} ${gate.padEnd(longest)}  ${section}`
    if (outcome !== 'answered') return outcome === 'passed' ? `${paint.good('✓')}${line.slice(1)}` : paint.faint(line)
    return `${paint.strong(line)}\n  ${paint.strong('└')} ${safeLine(because ?? '')}`
  })
  const { answer, problem } = asked
  const next = problem?.detail === undefined ? [] : ['', safeLine(problem.detail)]
  const cure = answer.status < 400 ? [] : [statuses.get(answer.status)?.next ?? '']
  return `${[...headLines(method, asked, paint), ...lines, ...next, ...cure].join('\n')}\n`
}

const headings: Readonly<Record<About, string>> = {
  caching: 'Caching',
  validators: 'Asking again',
  ranges: 'Parts',
  negotiation: 'Choosing a form',
  content: 'Content',
  errors: 'Mistakes',
  more: 'More',
}

const kinds = {
  kept: { mark: '✓', paint: 'good' },
  promised: { mark: '→', paint: 'name' },
  broken: { mark: '✗', paint: 'bad' },
  missing: { mark: '·', paint: 'notice' },
} as const

function promisesText(method: string, asked: Asked, findings: readonly Finding[], paint: Paint): string {
  const lines = [...headLines(method, asked, paint)]
  for (const [about, heading] of Object.entries(headings)) {
    const own = findings.filter(finding => finding.about === about)
    if (own.length === 0) continue
    lines.push(paint.strong(heading))
    for (const { kind, text, section } of own) {
      const { mark, paint: colour } = kinds[kind]
      lines.push(`  ${paint[colour](mark)} ${safeLine(text)} ${paint.faint(`(${section})`)}`)
    }
  }
  const count = (kind: Finding['kind']) => findings.filter(finding => finding.kind === kind).length
  lines.push(
    '',
    `✓ ${count('kept')} kept, → ${count('promised')} promised, ✗ ${count('broken')} broken, · ${count('missing')} could be better`,
  )
  return `${lines.join('\n')}\n`
}
