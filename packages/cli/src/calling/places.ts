// Where the command keeps what outlives it, by the XDG Base Directory Specification.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { UsageError } from '../output/complain.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Relative paths in the variables count as not set, as the specification has it. */
function base(env: Env, variable: string, ...otherwise: readonly string[]): string {
  const set = env[variable] ?? ''
  return isAbsolute(set) ? set : join(env.HOME ?? homedir(), ...otherwise)
}

export const configFile = (env: Env): string => join(base(env, 'XDG_CONFIG_HOME', '.config'), 'comity', 'config.json')

export const stateFolder = (env: Env): string => join(base(env, 'XDG_STATE_HOME', '.local', 'state'), 'comity')

export const cacheFile = (env: Env): string => join(base(env, 'XDG_CACHE_HOME', '.cache'), 'comity', 'responses.sqlite')

/** @throws UsageError where the name could lead elsewhere */
export function sessionFolder(env: Env, name: string): string {
  if (!/^(?!\.)[\w.@-]{1,100}$/.test(name))
    throw new UsageError(`“${name}” is no name for a session`, 'Letters, digits, and any of . @ _ - make a name.')
  return join(stateFolder(env), 'sessions', name)
}
