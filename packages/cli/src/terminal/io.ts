// What a command touches of its process, so that a test can hand it something else.
import type { Readable, Writable } from 'node:stream'

/** A stream to write to; of a terminal it also tells the size. */
export type Sink = Writable & { readonly isTTY?: boolean; readonly columns?: number }

export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly fd?: number }
  readonly stdout: Sink
  readonly stderr: Sink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /**
   * Aborted by the first Ctrl-C or SIGTERM. Who looks at it takes over from Node, which would end the process at once,
   * and has to come to an end by itself; a second one ends the process all the same.
   */
  readonly interrupted: AbortSignal
  /** Whether it was SIGTERM that interrupted it. */
  readonly terminated?: boolean
}

/** That of this process. Signals are left to Node until a command asks for `interrupted`. */
export function processIo(): Io {
  let controller: AbortController | undefined
  let terminated = false
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    get interrupted() {
      controller ??= interruption(signal => {
        terminated = signal === 'SIGTERM'
      })
      return controller.signal
    },
    get terminated() {
      return terminated
    },
  }
}

function interruption(by: (signal: string) => void): AbortController {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      by(signal)
      controller.abort()
    })
  }
  return controller
}
