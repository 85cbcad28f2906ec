// What is left of contents that nobody named, or names any more.
import { readdirSync, statSync, unlinkSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Calls `remove` with the hashes among those given that no file has, in a transaction. */
export type Unknown = (hashes: readonly string[], remove: (unknown: readonly string[]) => void) => Promise<void>

const machine = hostname().replaceAll(/[^A-Za-z0-9]/g, '') || 'here'

/** How the names of what this process writes begin. */
export const ownPrefix = `${machine}-${process.pid}-`

/**
 * Removes half-written contents of processes that have ended: of this machine's where they are not there any more, of
 * others' where they are older than `grace` ms. `own`: this process has just begun, and another had its number.
 */
export function sweepIncoming(root: string, now: number, grace: number | 'own'): void {
  for (const name of namesIn(join(root, 'incoming'))) {
    const path = join(root, 'incoming', name)
    const [where, pid] = name.split('-')
    const isOwn = name.startsWith(ownPrefix)
    if (isOwn ? grace === 'own' : where === machine ? !runs(Number(pid)) : isOlder(path, now, grace)) remove(path)
  }
}

const day = 24 * 60 * 60 * 1000

const isOlder = (path: string, now: number, grace: number | 'own'): boolean =>
  now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > (grace === 'own' ? day : Math.max(grace, day))

/** Whether a process is there; one that is not ours is. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM'
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone already, or held: the next sweep sees.
  }
}

/** Contents looked at in one transaction. */
const most = 200

/** Removes contents written before `before` that no file has. */
export async function sweepUnknown(root: string, before: number, unknown: Unknown): Promise<void> {
  for (const shard of await readdir(root)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue
    const old: string[] = []
    for (const rest of await readdir(join(root, shard))) {
      const { mtimeMs } = await stat(join(root, shard, rest)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
      if (mtimeMs < before) old.push(shard + rest)
    }
    for (let at = 0; at < old.length; at += most)
      await unknown(old.slice(at, at + most), hashes => {
        // One that is being read stays with its reader.
        for (const sha256 of hashes) if (isOld(root, sha256, before)) remove(pathOf(root, sha256))
      })
  }
}

/** Asked again where nobody else can keep it: another may just have been sent the same bytes. */
const isOld = (root: string, sha256: string, before: number): boolean =>
  (statSync(pathOf(root, sha256), { throwIfNoEntry: false })?.mtimeMs ?? before) < before

const pathOf = (root: string, sha256: string): string => join(root, sha256.slice(0, 2), sha256.slice(2))
