// Servers as processes of their own, so that each has one core's worth of JavaScript and its own memory.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Running = {
  readonly url: string
  readonly pid: number
  readonly stop: () => Promise<void>
}

/**
 * Starts `servers/NAME.ts` with its arguments as JSON. It tells its address in the first line it prints.
 * @throws Error with what the server said, where it ends before that.
 */
export async function startServer(name: string, given: unknown): Promise<Running> {
  const file = fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url))
  const words = ['--conditions=@comity/source', '--no-warnings', file, JSON.stringify(given)]
  return startProcess(words, line => line)
}

/** Starts Node with `words`; `addressIn` finds the address in the lines that it prints. */
export async function startProcess(
  words: readonly string[],
  addressIn: (line: string) => string | undefined,
): Promise<Running> {
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let complaints = ''
  child.stderr.on('data', piece => {
    complaints = (complaints + piece).slice(-10_000)
  })
  const url = await Promise.race([
    addressOf(child, addressIn),
    once(child, 'exit').then(([code]) => {
      throw new Error(`node ${words.join(' ')} ended with ${code}:\n${complaints}`)
    }),
  ])
  child.stdout.resume()
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

/** Memory that a process holds now, in MiB. */
export function residentMemory(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}

async function addressOf(child: ChildProcess, addressIn: (line: string) => string | undefined): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      const address = addressIn(line)
      if (address !== undefined) return address
    }
  }
  return new Promise(() => {})
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(patience)
}

/** Processor time that a process has taken so far, in ms; NaN where the platform does not tell. */
export function processorTime(pid: number): number {
  try {
    const told = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [user = '', system = ''] = told
      .slice(told.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    // In ticks of 10 ms, on every Linux there is.
    return (Number(user) + Number(system)) * 10
  } catch {
    return Number.NaN
  }
}
