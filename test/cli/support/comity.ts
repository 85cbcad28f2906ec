// The command as a process: with pipes, and in a pseudo-terminal.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from 'comity'

const bin = fileURLToPath(new URL('../../../packages/cli/src/bin.ts', import.meta.url))
const nodeFlags = ['--conditions=@comity/source', '--no-warnings']

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
export type Running = {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once something like `text` was written to standard output or error. */
  readonly said: (text: RegExp) => Promise<void>
}

/** Starts `comity` with a standard input that is not a terminal and has nothing. */
export function start(words: readonly string[], cwd: string): Running {
  return watched(spawn(process.execPath, [...nodeFlags, bin, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }))
}

export function comity(words: readonly string[], cwd: string): Promise<Ended> {
  return start(words, cwd).ended
}

/** Within this process, where that of the command is not the matter. `around` may be a terminal, an environment, or what Ctrl-C does. */
export async function here(
  words: readonly string[],
  cwd: string,
  input = '',
  around: {
    readonly env?: Readonly<Record<string, string>>
    readonly terminal?: { readonly columns: number }
    readonly interrupted?: AbortSignal
  } = {},
): Promise<Ended> {
  const told = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => {
    const writable = new Writable({
      write(piece, _encoding, done) {
        told[name] += piece
        done()
      },
    })
    return around.terminal === undefined ? writable : Object.assign(writable, { isTTY: true, ...around.terminal })
  }
  const io = {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout: sink('out'),
    stderr: sink('err'),
    env: around.env ?? {},
    cwd,
    interrupted: around.interrupted ?? new AbortController().signal,
  }
  const code = await run(words, io)
  return { code, ...told }
}

export const hasTerminal = hasScript()

/** Why bars are not looked at here, where they are not: `long` are those that look like others. */
export function withoutTerminal(round: 'default' | 'long' = 'default'): string | false {
  if (round === 'long' && !process.env.COMITY_LONG) return 'it is one of the long round'
  return hasTerminal ? false : 'there is no script(1) of util-linux'
}

/** In a pseudo-terminal of 100 columns: what is seen there is in `out`. */
export function startInTerminal(words: readonly string[], cwd: string): Running {
  const command = [process.execPath, ...nodeFlags, bin, ...words].map(word => `'${word.replaceAll("'", "'\\''")}'`)
  const line = `stty cols 100 rows 30; exec ${command.join(' ')}`
  const env = { ...process.env, TERM: 'xterm' }
  return watched(spawn('script', ['-qefc', line, '/dev/null'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] }))
}

function watched(child: ChildProcess): Running {
  const told = { out: '', err: '' }
  const listeners = new Set<() => void>()
  for (const [stream, name] of [
    [child.stdout, 'out'],
    [child.stderr, 'err'],
  ] as const)
    stream?.setEncoding('utf8').on('data', piece => {
      told[name] += piece
      for (const listen of listeners) listen()
    })
  const ended = once(child, 'close').then(([code]): Ended => ({ code, ...told }))
  return {
    child,
    ended,
    said: text =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (text.test(told.out) || text.test(told.err)) resolve()
        }
        listeners.add(look)
        look()
        ended.then(({ out, err }) => reject(new Error(`it ended without ${text}: ${(out + err).slice(-2000)}`)))
      }),
  }
}

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}
