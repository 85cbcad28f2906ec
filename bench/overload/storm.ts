// Load that comes when it comes, whether or not what came before was answered: what overload is. A latency counts from the
// moment at which the request was due.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Sent = {
  readonly status: number
  /** Ms since the storm began, and until its answer was there. */
  readonly due: number
  readonly took: number
}

export type Storm = {
  /** Requests at `rate` a second for `ms`, and what became of each; 0 where there was no answer within ten seconds. */
  readonly blow: (rate: number, ms: number) => Promise<readonly Sent[]>
  readonly close: () => void
}

type Line = { readonly socket: Socket; answered: (status: number) => void }

/** Connections that are kept, as many as ever are needed at a time and `most` at most. */
export async function stormOn(url: string, path: () => string, most = 400): Promise<Storm> {
  const { hostname, port } = new URL(url)
  const free: Line[] = []
  const all = new Set<Socket>()
  const open = async () => {
    const line = await connection(hostname, Number(port))
    all.add(line.socket)
    // A connection on which nothing was ever asked is closed after a while.
    await new Promise<void>(answered => {
      line.answered = () => answered()
      line.socket.write('GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n')
    })
    free.push(line)
  }
  for (let n = 0; n < most; n++) await open()
  return {
    async blow(rate, ms) {
      const sent: Sent[] = []
      const begun = performance.now()
      const waiting: number[] = []
      let under = 0
      const next = (): void => {
        while (waiting.length > 0 && free.length > 0) {
          const line = free.pop() as Line
          const due = waiting.shift() as number
          under++
          line.answered = status => {
            under--
            sent.push({ status, due, took: performance.now() - begun - due })
            line.answered = () => {}
            if (status !== 0) free.push(line)
            next()
          }
          line.socket.write(`GET ${path()} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n`)
        }
      }
      for (let count = 0; ; ) {
        const now = performance.now() - begun
        for (; count < Math.min(now, ms) * (rate / 1000); count++) waiting.push((count * 1000) / rate)
        next()
        if (now > ms) break
        await sleep(1)
      }
      const patience = performance.now() + 10_000
      while ((under > 0 || waiting.length > 0) && performance.now() < patience) await sleep(5)
      const left = Array.from({ length: under + waiting.length }, () => ({ status: 0, due: ms, took: 10_000 }))
      return [...sent, ...left]
    },
    close() {
      for (const socket of all) socket.destroy()
    },
  }
}

/** Reads answers that say how long they are, one at a time. */
function connection(host: string, port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    const line: Line = { socket, answered: () => {} }
    let head = ''
    let left = 0
    let status = 0
    socket.setNoDelay(true).once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => {})
      // Broken off: there is no status.
      socket.on('close', () => line.answered(0))
      resolve(line)
    })
    socket.on('data', (chunk: Buffer) => {
      if (left > 0) left -= chunk.length
      else {
        head += chunk.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        status = Number(head.slice(9, 12))
        left = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4)
      }
      if (left > 0) return
      head = ''
      left = 0
      line.answered(status)
    })
  })
}

/** The value below which `part` of them are. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
