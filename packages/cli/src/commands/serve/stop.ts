// Until a signal says so.
import type { Io } from '../../terminal/io.ts'

// A terminal's Ctrl-C reaches npm and this process, and npm passes it on: two signals, one intention.
const sameIntention = 200

/**
 * Resolves when the first SIGINT or SIGTERM arrives, or who runs the command interrupts it; a second signal ends the
 * process at once.
 */
export function untilStopped(io: Io): Promise<void> {
  return new Promise(done => {
    let first = 0
    const stop = () => {
      if (first > 0) {
        if (performance.now() - first > sameIntention) process.exit(130)
        return
      }
      first = performance.now()
      done()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    const interrupted = () => {
      // Where no signal said so, none is waited for any more.
      if (first === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
      done()
    }
    // After the signal that it may come from.
    io.interrupted.addEventListener('abort', () => setImmediate(interrupted))
  })
}
