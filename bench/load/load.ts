// Load: requests sent in turn over many connections for a while.
import { spawnSync } from 'node:child_process'
import type { Question } from '../exchange.ts'
import { loadByAutocannon } from './autocannon.ts'
import { loadByWrk } from './wrk.ts'

export type LoadWish = {
  readonly base: string
  readonly questions: readonly Question[]
  readonly connections: number
  readonly seconds: number
  /** A folder for what the tool needs on disk. */
  readonly folder: string
}

export type Measured = {
  /** Requests a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers of class 4xx and 5xx, and requests without one. */
  readonly failures: number
}

export type LoadTool = { readonly name: string; readonly run: (wish: LoadWish) => Promise<Measured> }

/** `wrk` where it is installed: it needs less of the machine than a generator written in JavaScript. */
export function chooseLoadTool(): LoadTool {
  const present = spawnSync('wrk', ['--version']).error === undefined
  return present ? { name: 'wrk', run: loadByWrk } : { name: 'autocannon', run: loadByAutocannon }
}
