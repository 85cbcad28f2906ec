// `comity serve` as a process of its own, to be asked, stopped and killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { overhear } from './planted.ts'

const bin = fileURLToPath(new URL('../../packages/cli/src/bin.ts', import.meta.url))

export type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export type ServerProcess = {
  /** `http://127.0.0.1:49152` */
  readonly url: string
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What it has written so far, to its standard output and its standard error. */
  readonly out: () => string
  readonly err: () => string
  /** Sends the signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Ended>
}

/** Runs `comity serve` without waiting for it to serve. */
export function runServe(definition: URL, words: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=@comity/source', '--no-warnings', bin, 'serve', fileURLToPath(definition), ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PORT: '', HOST: '', DATABASE_URL: '' } },
  )
  let [out, err] = ['', '']
  child.stdout.on('data', piece => {
    out += piece
  })
  child.stderr.on('data', piece => {
    err += piece
    overhear(String(piece))
  })
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, out, err }))
  return { child, ended, err: () => err, out: () => out }
}

/** A server of the definition on a free port, once it listens. `database` is a URL; in memory when not given. */
export async function startServer(definition: URL, database = 'sqlite::memory:'): Promise<ServerProcess> {
  const { child, ended, err, out } = runServe(definition, ['--port', '0', '--database', database])
  const served = new Promise<string>(resolve => {
    child.stdout.on('data', () => {
      const [, url] = / is served at (\S+)\n/.exec(out()) ?? []
      if (url !== undefined) resolve(url)
    })
  })
  const failed = ended.then(end => {
    throw new Error(`the server ended with ${end.code ?? end.signal}: ${end.err}`)
  })
  failed.catch(() => {})
  const url = await Promise.race([served, failed])
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  return { url, child, ended, out, err, stop }
}
