// comity audit: what the log of a database says.
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { AuditEntry, AuditLog } from '@comity/server'
import { exitCodes } from '../../exit-codes.ts'
import { complain } from '../../output/complain.ts'
import type { Io } from '../../terminal/io.ts'

export type AuditFlags = {
  readonly resource?: string
  readonly id?: string
  readonly caller?: string
  readonly request?: string
  /** Ms since the epoch. */
  readonly since?: number
  readonly verify?: boolean
}

/** Resolves to the exit code. */
export async function auditCommand(database: string, flags: AuditFlags, io: Io): Promise<number> {
  const { openAuditLog } = await import('@comity/server')
  let log: AuditLog
  try {
    log = openAuditLog(resolve(io.cwd, database.replace(/^sqlite:/, '')))
  } catch (error) {
    const cure = 'Name the SQLite file that the server is given with --database'
    return complain(io.stderr, error instanceof Error ? error.message : String(error), cure)
  }
  try {
    return flags.verify ? verify(log, io) : await print(log, flags, io)
  } finally {
    log.close()
  }
}

function verify(log: AuditLog, { stdout, stderr }: Io): number {
  const broken = log.firstBroken()
  if (broken !== undefined)
    return complain(stderr, `Line ${broken} is not what was written: it, or one before it, was changed or taken out`)
  stdout.write('Every line is as it was written.\n')
  return exitCodes.ok
}

async function print(log: AuditLog, { verify: _, ...search }: AuditFlags, { stdout }: Io): Promise<number> {
  const format = stdout.isTTY ? lineOf : (entry: AuditEntry) => JSON.stringify({ ...entry, at: timeOf(entry) })
  for (const entry of log.entries(search)) {
    if (!stdout.writable) break
    if (!stdout.write(`${format(entry)}\n`)) await once(stdout, 'drain')
  }
  return exitCodes.ok
}

const timeOf = ({ at }: AuditEntry): string => new Date(at).toISOString()

function lineOf(entry: AuditEntry): string {
  const { caller, via, action, resource, id, parent, method, path, address } = entry
  const who = caller === '' ? (method === '' ? 'the server' : 'anybody') : via === '' ? caller : `${caller} (${via})`
  const where = parent === '' ? '' : ` of ${parent}`
  const how = method === '' ? '' : `  ${method} ${path} from ${address}`
  // What callers chose may hold what a terminal would obey.
  return `${timeOf(entry)}  ${who} ${action} ${resource} ${id}${where}${how}`.replace(/[\p{Cc}\p{Cf}]/gu, '�')
}
