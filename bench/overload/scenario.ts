// A server in a process of its own: unloaded, in a storm of five times what it can do, and after it; and with many idle
// connections beside steady requests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { quantile, type Sent, stormOn } from './storm.ts'

export type Overload = {
  /** Answers in a second, at most. */
  readonly capacity: number
  readonly offered: number
  /** In ms, of those that were served. */
  readonly unloaded: { readonly p50: number; readonly p99: number }
  readonly storm: { readonly p50: number; readonly p99: number; readonly served: number; readonly shed: number }
  /** Ms of the server for each 503. */
  readonly refusal: { readonly p50: number; readonly p99: number; readonly most: number }
  /** In the second that begins two seconds after the storm. */
  readonly after: { readonly p50: number; readonly p99: number; readonly shed: number }
  /** Without an answer, or with another one than 200 and 503. */
  readonly failures: number
}

export type Idle = {
  readonly connections: number
  readonly asked: number
  readonly served: number
  readonly p50: number
  readonly p99: number
  /** MiB that the server held, before and with them. */
  readonly rss: readonly [before: number, during: number]
  /** Connections that were there to the end. */
  readonly kept: number
}

type Started = { readonly url: string; readonly stats: string; readonly stop: () => Promise<void> }

async function start(load: unknown): Promise<Started> {
  const file = fileURLToPath(new URL('server.ts', import.meta.url))
  const words = ['--conditions=@comity/source', '--no-warnings', file, JSON.stringify(load)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    ...(JSON.parse(line) as { url: string; stats: string }),
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

const statsOf = async ({ stats }: Started) =>
  (await (await fetch(stats)).json()) as { readonly refusals: readonly number[]; readonly rss: number }

let asked = 0
/** A list of nearly all of the rows; no two questions are the same. */
const list = () => `/notes?limit=2000&rank.gte=${asked++ % 97}`

const served = (sent: readonly Sent[]) => sent.filter(({ status }) => status === 200)
const shed = (sent: readonly Sent[]) => sent.filter(({ status }) => status === 503).length
const times = (sent: readonly Sent[]) => served(sent).map(({ took }) => took)

/** `ms`: how long the storm lasts. */
export async function overload(ms: number, load: unknown = { delay: 1, after: 0 }): Promise<Overload> {
  const capacity = await capacityOf()
  const server = await start(load)
  const storm = await stormOn(server.url, list)
  try {
    await storm.blow(50, 2_000)
    const calm = await storm.blow(capacity / 5, 5_000)
    await statsOf(server)
    const offered = capacity * 5
    const rough = await storm.blow(offered, ms)
    const { refusals } = await statsOf(server)
    await sleep(2_000)
    const after = await storm.blow(capacity / 5, 1_000)
    const counted = [calm, rough, after].flat()
    return {
      capacity,
      offered,
      unloaded: spread(times(calm)),
      storm: { ...spread(times(rough)), served: served(rough).length, shed: shed(rough) },
      refusal: { ...spread(refusals), most: refusals.reduce((most, each) => Math.max(most, each), 0) },
      after: { ...spread(times(after)), shed: shed(after) },
      failures: counted.filter(({ status }) => status !== 200 && status !== 503).length,
    }
  } finally {
    storm.close()
    await server.stop()
  }
}

const spread = (values: readonly number[]) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) })

/** What is served in a second where as much is asked for as there is, on four connections, and nothing is refused. */
async function capacityOf(): Promise<number> {
  const server = await start('unbounded')
  const storm = await stormOn(server.url, list, 4)
  try {
    await storm.blow(50, 2_000)
    const sent = await storm.blow(500, 2_000)
    const until = sent.reduce((last, { due, took }) => Math.max(last, due + took), 0)
    return Math.round((served(sent).length * 1000) / until)
  } finally {
    storm.close()
    await server.stop()
  }
}

/** `wanted` connections that say nothing, and `rate` requests a second for `ms`. */
export async function idle(wanted: number, rate: number, ms: number): Promise<Idle> {
  const server = await start({})
  const storm = await stormOn(server.url, () => '/notes?limit=1', 20)
  const sockets: Socket[] = []
  try {
    await storm.blow(rate, 1_000)
    const before = (await statsOf(server)).rss
    for (let batch = 0; batch < wanted; batch += 200)
      sockets.push(
        ...(await Promise.all(Array.from({ length: Math.min(200, wanted - batch) }, () => quiet(server.url)))),
      )
    const sent = await storm.blow(rate, ms)
    const during = (await statsOf(server)).rss
    return {
      connections: wanted,
      asked: Math.floor((rate * ms) / 1000),
      served: served(sent).length,
      ...spread(times(sent)),
      rss: [before / 2 ** 20, during / 2 ** 20],
      kept: sockets.filter(({ readyState }) => readyState === 'open').length,
    }
  } finally {
    for (const socket of sockets) socket.destroy()
    storm.close()
    await server.stop()
  }
}

/** A connection after its first answer. */
async function quiet(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  await once(socket, 'connect')
  socket.write('GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n')
  await once(socket, 'data')
  return socket
}
