// client.download beside curl, on one machine, in turn: node --conditions=@comity/source bench/client-download/run.ts [MiB] [rounds]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClient } from '@comity/client'

const mebibytes = Number(process.argv[2] ?? 512)
const rounds = Number(process.argv[3] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'))
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('server.ts', import.meta.url)), String(mebibytes * 2 ** 20)],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const [url] = (await once(createInterface(server.stdout), 'line')) as [string]
const client = createClient({ baseUrl: url })

/** Each ends with the bytes on the disk; curl leaves that to the system, so `sync` does it for it. */
const ways: Readonly<Record<string, (path: string) => Promise<unknown> | unknown>> = {
  'curl, then sync FILE': path => {
    execFileSync('curl', ['-s', '-o', path, `${url}/file`])
    execFileSync('sync', [path])
  },
  'curl alone': path => execFileSync('curl', ['-s', '-o', path, `${url}/file`]),
  'client.download': path => client.download('/file', path),
  'client.download, 1 connection': path => client.download('/file', path, { connections: 1 }),
}

const times = new Map<string, number[]>()
try {
  for (let round = 0; round <= rounds; round++) {
    for (const [name, act] of Object.entries(ways)) {
      const path = join(folder, 'file')
      const begun = performance.now()
      await act(path)
      const seconds = (performance.now() - begun) / 1000
      rmSync(path)
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), seconds])
    }
  }
  const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  for (const [name, all] of times) console.log(`${name.padEnd(32)} ${(mebibytes / median(all)).toFixed(0)} MiB/s`)
} finally {
  await client.close()
  server.kill()
  rmSync(folder, { recursive: true })
}
