// comity serve: load a definition, serve it, and stop when told to.
import { resolve } from 'node:path'
import type { Serving, Source } from '@comity/server'
import { banner } from '../../banner.ts'
import { openBrowser } from '../../browser.ts'
import { explainStart, whyNoDatabase } from '../../explain-start.ts'
import { loadApi } from '../../load.ts'
import { loadSource } from './source.ts'

export type ServeFlags = {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** `sqlite:PATH` or `sqlite::memory:` */
  readonly database: string
  /** Whether to open the documents in the browser. */
  readonly open?: boolean
}

/**
 * Serves the definition at `path` until SIGINT or SIGTERM, and resolves to the exit code once requests under way are
 * finished: 0; 1 where the server could not start; 2 where the definition is at fault.
 */
export async function serveCommand(path: string, flags: ServeFlags): Promise<number> {
  const fault = whyNoDatabase(flags.database)
  if (fault !== undefined) return complain(fault, 1)
  const { isDefinition, serve } = await import('@comity/server')
  const loaded = isDefinition(path) ? await loadApi(path) : await loadSource(path)
  if (loaded.kind === 'fault') return complain(loaded.message, 2)
  const source = 'source' in loaded ? (loaded as { readonly source: Source }).source : undefined
  let serving: Serving
  try {
    serving = await serve(loaded.api, {
      port: flags.port,
      host: flags.host,
      ...(source?.open ? { store: source.open } : { database: flags.database }),
    })
  } catch (error) {
    return complain(explainStart(error, flags), 1)
  }
  const stopped = untilStopped(serving)
  const url = serving.url.replace(/\/$/, '')
  process.stdout.write(banner(loaded.api.model, url, source?.keeps ?? shownDatabase(flags.database)))
  if (flags.open) openBrowser(`${url}/docs`, () => note(`No browser could be opened; the documents are at ${url}/docs`))
  return stopped
}

// A terminal's Ctrl-C reaches npm and this process, and npm passes it on: two signals, one intention.
const sameIntention = 200

function untilStopped(serving: Serving): Promise<number> {
  return new Promise(done => {
    let first = 0
    const stop = () => {
      if (first > 0) {
        if (performance.now() - first > sameIntention) process.exit(130)
        return
      }
      first = performance.now()
      note('Stopping: requests under way are finished first. Ctrl-C again stops at once.')
      serving.close().then(
        () => done(0),
        (error: Error) => done(complain(`The server did not stop cleanly: ${error.message}`, 1)),
      )
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

const shownDatabase = (database: string): string =>
  database === 'sqlite::memory:' ? database : `sqlite:${resolve(database.replace(/^sqlite:/, ''))}`

const note = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

function complain(message: string, exitCode: number): number {
  note(message)
  return exitCode
}
