// Secrets that are planted, and what is written down to be searched for them: the problems and log lines of a whole run of
// the tests. `scripts/test.ts` gives the folder, and looks at the end.
import { appendFileSync } from 'node:fs'
import type { Credentials } from '@comity/server'

const folder = process.env.COMITY_PLANTED

/** Notes a secret; returns it. Nothing that the server says may have it. */
export function plant(secret: string): string {
  if (secret.length < 8) throw new RangeError('so short a secret would be found by accident')
  if (folder !== undefined) appendFileSync(`${folder}/secrets`, `${JSON.stringify(secret)}\n`)
  return secret
}

/** Writes down what a server said that should have no secret: a problem, or lines of its log. */
export function overhear(said: string): void {
  if (folder !== undefined && said !== '') appendFileSync(`${folder}/said`, `${said}\n`)
}

/** The same credentials, with every secret that they make or are given planted. */
export function planting(credentials: Credentials): Credentials {
  return new Proxy(credentials, {
    get(target, name) {
      const made: unknown = Reflect.get(target, name)
      if (typeof made !== 'function') return made
      return async (...given: readonly unknown[]) => {
        const result: unknown = await Reflect.apply(made, target, given)
        for (const secret of secretsIn(result)) plant(secret)
        return result
      }
    },
  })
}

function secretsIn(result: unknown): readonly string[] {
  if (typeof result !== 'object' || result === null) return []
  const { password, secret } = result as Readonly<Record<string, unknown>>
  return [password, secret].filter(value => typeof value === 'string')
}
