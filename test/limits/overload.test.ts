// Five times what a server can do, and thousands of connections that say nothing. Long: COMITY_LONG=1. What is measured
// depends on what else the machine does, so that one calm round of three is enough.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idle, type Overload, overload } from '../../bench/overload/scenario.ts'

const skip = process.env.COMITY_LONG ? false : 'a long test: COMITY_LONG=1'
const rounds = 3

test('a storm: nobody is left without an answer, who is served is served in time, and it is over when it is', {
  skip,
}, async t => {
  const seen: Overload[] = []
  while (seen.length < rounds) {
    const round = await overload(8_000)
    t.diagnostic(JSON.stringify(round))
    seen.push(round)
    assert.equal(round.failures, 0)
    assert.ok(round.storm.served > 0 && round.storm.shed > 0)
    if (isCalm(round)) return
  }
  assert.fail(`no round of ${rounds} was as it is to be: ${JSON.stringify(seen)}`)
})

/** A stall of the machine may shed one or two afterwards as well. */
const isCalm = ({ capacity, unloaded, storm, refusal, after }: Overload): boolean =>
  storm.p99 <= 3 * unloaded.p99 && refusal.p99 < 5 && after.p99 <= 2 * unloaded.p99 && after.shed <= capacity / 50

test('connections that say nothing keep nobody from being served', { skip }, async t => {
  const round = await idle(10_000, 200, 5_000)
  t.diagnostic(JSON.stringify(round))
  assert.deepEqual([round.kept, round.served], [10_000, round.asked])
  // 32 KiB for each, at most.
  assert.ok(round.rss[1] - round.rss[0] < 320, round.rss.join(' → '))
})
