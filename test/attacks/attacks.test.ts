// Two thousand attacks on one server (fifty thousand in the long run), made by chance from a seed that is told. Every answer is
// judged: no failure of the server, nothing of what is somebody else's, within time; and memory after all of them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { agent } from '../support/call.ts'
import type { Attack } from './attack.ts'
import { contentAttacks } from './content-attacks.ts'
import { credentialAttacks } from './credential-attacks.ts'
import { chanceOf } from './random.ts'
import { signInAttacks } from './sign-in-attacks.ts'
import { targetAttacks } from './target-attacks.ts'
import { startUnder, type Under } from './under.ts'
import { smuggledTitle, wireAttacks } from './wire-attacks.ts'

const inputs = process.env.COMITY_LONG ? 50_000 : 2_000
const seed = Number(process.env.COMITY_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** In bytes, once what is collected is collected. */
const mostGrowth = 48 * 1024 * 1024
const atOnce = 4

const attacks: readonly Attack[] = [
  ...wireAttacks,
  ...contentAttacks,
  ...targetAttacks,
  ...credentialAttacks,
  ...signInAttacks,
]
const shares = attacks.reduce((sum, { share = 1 }) => sum + 1 / share, 0)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function kept(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let under: Under
let warm = 0

before(async () => {
  under = await startUnder()
})
after(async () => {
  agent.destroy()
  await under.close()
})

async function strike(attack: Attack, count: number): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) {
      const number = next++
      const own = seed + number
      try {
        await attack.run(under, chanceOf(own))
      } catch (error) {
        throw new Error(`${attack.family}, input ${number} of COMITY_SEED=${seed}: ${(error as Error).message}`, {
          cause: error,
        })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

test('warm up: each kind of attack, a few times', async () => {
  for (const attack of attacks) await strike(attack, 3)
  warm = await kept()
})

for (const attack of attacks)
  test(`${attack.family}`, async () => {
    const count = Math.max(8, Math.round(inputs / shares / (attack.share ?? 1)))
    await strike(attack, count)
    assert.deepEqual(under.failures(), [], `COMITY_SEED=${seed}`)
  })

test('nothing was smuggled in, nothing of others was touched, and the server is as well as before', async () => {
  const { json } = await under.ask('GET', `/notes?title=${smuggledTitle}`, [200])
  assert.deepEqual(json(), [])
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  await under.ask('GET', `/notes/${under.others}`, [404])
  await under.ask('GET', '/readyz', [200])
  // What the attacker wrote is the attacker's, and can be taken away.
  await under.ask('DELETE', '/notes?ownerId=mallory', [200, 204])
})

test('nothing has grown', async () => {
  const growth = (await kept()) - warm
  assert.ok(growth < mostGrowth, `${Math.round(growth / 1024 / 1024)} MiB more after ${inputs} inputs`)
})
