// comity serve: load what is named, serve it, follow it when it changes, and stop when told to.
import type { Mode, Replaceable, ServeOptions, TlsOptions } from '@comity/server'
import { banner } from '../../banner.ts'
import { openBrowser } from '../../browser.ts'
import { explainStart, whyNoDatabase } from '../../explain-start.ts'
import type { Io } from '../../terminal/io.ts'
import { load, type Served, shown } from './load.ts'
import { mockBanner } from './mock-banner.ts'
import { untilStopped } from './stop.ts'
import { tlsOf } from './tls.ts'
import { type Watching, watchFiles } from './watch.ts'

export type ServeFlags = {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** `sqlite:PATH` or `sqlite::memory:`, for definitions. */
  readonly database: string
  /** Whether to open the documents in the browser. */
  readonly open?: boolean
  readonly memory?: boolean
  readonly readOnly?: boolean
  readonly watch?: boolean
  /** Minutes that maintenance is to last; 0: nobody knows how many. */
  readonly maintenance?: number
  readonly trace?: boolean
  /** Milliseconds that every request waits. */
  readonly delay?: number
  /** From 0 to 1. */
  readonly faults?: number
  readonly faultsSeed?: number
  /** Files, PEM. */
  readonly cert?: string
  readonly key?: string
  readonly clientCa?: string
  /** Origins, or `*`. */
  readonly cors?: readonly string[]
}

/**
 * Serves what `word` names until SIGINT or SIGTERM, and resolves to the exit code once requests under way are finished:
 * 0; 1 where the server could not start; 2 where what was named is at fault.
 */
export async function serveCommand(word: string, flags: ServeFlags, io: Io): Promise<number> {
  const note = noteOn(io)
  const complain = (message: string, exitCode: number): number => {
    note(message)
    return exitCode
  }

  const fault = whyNoDatabase(flags.database)
  if (fault !== undefined) return complain(fault, 1)
  const tls = await tlsOf(flags, io.cwd)
  const loaded = await load(word, flags)
  if (loaded.kind === 'fault') return complain(loaded.message, 2)
  if (loaded.api.kind === 'mock') noteUnused(flags, note)
  let serving: Omit<Replaceable, 'replace'> & Partial<Replaceable>
  try {
    serving = await start(loaded, flags, tls, note)
  } catch (error) {
    return complain(explainStart(error, flags), 1)
  }
  const stopped = untilStopped(io)
  const url = serving.url.replace(/\/$/, '')
  const { api } = loaded
  io.stdout.write(api.kind === 'mock' ? mockBanner(api.title, url, loaded) : banner(api.model, url, loaded))
  const docs = api.kind === 'mock' ? `${url}/openapi.json` : `${url}/docs`
  if (flags.open) openBrowser(docs, () => note(`No browser could be opened; the documents are at ${docs}`))
  const watching = serving.replace && follow({ word, flags, note }, loaded, serving.replace)
  await stopped
  watching?.stop()
  note('Stopping: requests under way are finished first. Ctrl-C again stops at once.')
  try {
    await serving.close()
    return 0
  } catch (error) {
    return complain(`The server did not stop cleanly: ${(error as Error).message}`, 1)
  }
}

type Note = (sentence: string) => void

/** Of the flags that a mock has nothing for: it keeps nothing, and has no gates. */
function noteUnused(flags: ServeFlags, note: Note): void {
  const unused = [
    ...(flags.readOnly ? ['--read-only'] : []),
    ...(flags.trace ? ['--trace'] : []),
    ...(flags.maintenance === undefined ? [] : ['--maintenance']),
  ]
  if (unused.length > 0)
    note(`A mock has nothing for ${unused.join(' and ')}: it keeps nothing, and answers as its document says.`)
}

async function start({ api, keeping }: Served, flags: ServeFlags, tls: TlsOptions | undefined, note: Note) {
  const { serve, serveReplaceable } = await import('@comity/server')
  const { port, host } = flags
  const options: ServeOptions = {
    port,
    host,
    mode: modeOf(flags),
    ...(tls && { tls }),
    ...keeping,
    ...(await edgeOf(flags, note)),
  }
  return flags.watch ? serveReplaceable(api, options) : serve(api, options)
}

function modeOf({ maintenance: minutes }: ServeFlags): Mode {
  if (minutes === undefined) return { kind: 'normal' }
  return { kind: 'maintenance', ...(minutes > 0 && { until: Date.now() + minutes * 60_000 }) }
}

/** For `comity explain`, and for /traces. */
const keptTraces = 1_000

/** What stands between the API and its callers. */
async function edgeOf(
  flags: ServeFlags,
  note: Note,
): Promise<Pick<ServeOptions, 'around' | 'cors' | 'trace' | 'traces'>> {
  const { traceLines } = flags.trace ? await import('./trace.ts') : {}
  return {
    ...(flags.cors && { cors: { origins: flags.cors } }),
    ...(traceLines && { trace: trace => note(traceLines(trace)), traces: keptTraces }),
    async around(app) {
      if (!flags.delay && !flags.faults) return
      const { chanceFrom, delay, faults } = await import('./faults.ts')
      if (flags.delay) delay(app, flags.delay)
      const chance = flags.faultsSeed === undefined ? Math.random : chanceFrom(flags.faultsSeed)
      if (flags.faults) faults(app, { share: flags.faults, chance, told: note })
    },
  }
}

/** Serves what the files have become. What is at fault is told, and what was served before stays. */
function follow(
  { word, flags, note }: { readonly word: string; readonly flags: ServeFlags; readonly note: Note },
  first: Served,
  replace: (api: Served['api'], keeping: Served['keeping']) => Promise<void>,
): Watching {
  let current = first
  const changed = async () => {
    try {
      const how = await current.refresh?.()
      if (how === 'unchanged') return
      if (how === 'refreshed') return note(`${word} was read again.`)
      const next = await load(word, flags)
      watching.look([...current.files(), ...(next.kind === 'served' ? next.files() : [])])
      if (next.kind === 'fault') return note(`${next.message}\nWhat was served before still is.`)
      await replace(next.api, next.keeping)
      current = next
      note(`${word} has changed, and is served as it is now.`)
      for (const sentence of next.notes) note(`  ${sentence}`)
    } catch (error) {
      const { message, cure = '' } = error as Error & { cure?: string }
      note(`${message} ${cure}\nWhat was served before still is.`)
    }
  }
  const watching = watchFiles(changed)
  watching.look(first.files())
  note(`Watching ${first.files().length === 1 ? shown(first.files()[0] ?? '') : `${first.files().length} files`}.`)
  return watching
}

const noteOn =
  ({ stderr }: Io): Note =>
  sentence =>
    void stderr.write(`${sentence}\n`)
