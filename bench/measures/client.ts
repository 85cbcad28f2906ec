// The client beside its peers, all in this process and in turn, against one server in a process of its own.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { join } from 'node:path'
import { createClient } from '@comity/client'
import axios from 'axios'
import got from 'got'
import ky from 'ky'
import { Agent, request } from 'undici'
import type { Options } from '../options.ts'
import { startServer } from '../process.ts'
import { median } from './median.ts'

export type ClientRow = {
  readonly client: string
  /** Requests a second, the median of the rounds. */
  readonly rate: number
  /** Of the rates in the same round, the median. */
  readonly ofUndici: number
  /** µs of processor for one request, of this process; less moved than rates by what else the machine does. */
  readonly cpu: number
}

export type Clients = {
  readonly rows: readonly ClientRow[]
  /** One at a time, in µs: from the cache, and to the server and back. */
  readonly hit: number
  readonly trip: number
  /** Seconds for `size` bytes into a file; undefined for curl where it is not installed. */
  readonly size: number
  readonly download: number
  readonly curl: number | undefined
}

type Ask = (url: string) => Promise<unknown>

const size = 256 * 2 ** 20

export async function measureClients(options: Options, folder: string, told: (line: string) => void): Promise<Clients> {
  const server = await startServer('small', { size })
  const connections = { connections: options.connections }
  const uncached = createClient({ cache: false, transport: connections })
  const whole = createClient({ transport: connections })
  const agent = new Agent(connections)
  const sockets = new HttpAgent({ keepAlive: true, maxSockets: options.connections })
  const asking = got.extend({ agent: { http: sockets } })
  const axiosKept = axios.create({ httpAgent: sockets })
  // Each reads the content as JSON, and is otherwise as it comes.
  const clients: Readonly<Record<string, Ask>> = {
    'undici.request': async url => (await request(url, { dispatcher: agent })).body.json(),
    'comity, all layers': url => whole.get(url).json(),
    'comity, cache off': url => uncached.get(url).json(),
    fetch: async url => (await fetch(url)).json(),
    ky: url => ky.get(url).json(),
    axios: async url => (await axiosKept.get(url)).data,
    got: url => asking(url).json(),
  }
  try {
    const rates = new Map(Object.keys(clients).map(name => [name, [] as number[]]))
    const costs = new Map(Object.keys(clients).map(name => [name, [] as number[]]))
    // Short, so that what is compared is near in time.
    const rounds = options.rounds * 4
    const seconds = Math.min(1, options.seconds) / 4
    for (let round = 0; round <= rounds; round++) {
      for (const [name, ask] of Object.entries(clients)) {
        const { rate, cpu } = await rateOf(ask, server.url, options.connections, round === 0 ? 0.5 : seconds)
        if (round > 0) {
          rates.get(name)?.push(rate)
          costs.get(name)?.push(cpu)
        }
        told(`client: ${round === 0 ? 'warm-up' : `round ${round}`}: ${name}: ${Math.round(rate)}/s`)
      }
    }
    const reference = rates.get('undici.request') ?? []
    const rows = [...rates].map(([client, measured]) => ({
      client,
      rate: median(measured),
      ofUndici: median(measured.map((rate, round) => rate / (reference[round] ?? Number.NaN))),
      cpu: median(costs.get(client) ?? []),
    }))
    const one = createClient()
    const trip = await microseconds(() => one.get(`${server.url}/kept`, { cache: false }).json(), 2000, options.rounds)
    const hit = await microseconds(() => one.get(`${server.url}/kept`).json(), 20_000, options.rounds)
    await one.close()
    return { rows, hit, trip, size, ...(await downloads(server.url, folder, told)) }
  } finally {
    await Promise.all([uncached.close(), whole.close(), agent.close()])
    sockets.destroy()
    await server.stop()
  }
}

let count = 0

/** As many at once as there are connections; each to a URL of its own, so that none can be shared. */
async function rateOf(
  ask: Ask,
  url: string,
  connections: number,
  seconds: number,
): Promise<{ readonly rate: number; readonly cpu: number }> {
  const used = process.cpuUsage()
  const begun = performance.now()
  const end = begun + seconds * 1000
  let done = 0
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      await ask(`${url}/item?n=${count++}`)
      done++
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  const { user, system } = process.cpuUsage(used)
  return { rate: (done * 1000) / (performance.now() - begun), cpu: (user + system) / done }
}

async function microseconds(ask: () => Promise<unknown>, times: number, rounds: number): Promise<number> {
  const measured: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const begun = performance.now()
    for (let time = 0; time < times; time++) await ask()
    if (round > 0) measured.push(((performance.now() - begun) * 1000) / times)
  }
  return median(measured)
}

async function downloads(
  url: string,
  folder: string,
  told: (line: string) => void,
): Promise<Pick<Clients, 'download' | 'curl'>> {
  await using client = createClient()
  const target = join(folder, 'large')
  const timed = async (load: () => unknown): Promise<number> => {
    const begun = performance.now()
    await load()
    const seconds = (performance.now() - begun) / 1000
    rmSync(target)
    return seconds
  }
  const ours: number[] = []
  const curls: number[] = []
  for (let round = 0; round < 3; round++) {
    ours.push(await timed(() => client.download(`${url}/large`, target)))
    told(`client: download: ${ours.at(-1)?.toFixed(2)} s`)
    try {
      curls.push(await timed(() => execFileSync('curl', ['-s', '-o', target, `${url}/large`])))
      told(`client: curl: ${curls.at(-1)?.toFixed(2)} s`)
    } catch {
      // Not installed.
    }
  }
  return { download: median(ours), curl: curls.length === 0 ? undefined : median(curls) }
}
