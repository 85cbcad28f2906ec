// Five times what the server can do, and ten thousand connections that do nothing:
// `node --conditions=@comity/source bench/overload.ts [seconds]`
import { cpus, loadavg } from 'node:os'
import { idle, overload } from './overload/scenario.ts'

const seconds = Number(process.argv[2] ?? 10)
const ms = (value: number) => `${value.toFixed(value < 1 ? 3 : 1)} ms`

console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()
    .map(n => n.toFixed(1))
    .join(' ')}`,
)
const { capacity, offered, unloaded, storm, refusal, after, failures } = await overload(seconds * 1000)
console.log(`capacity ${capacity} req/s; offered ${offered} req/s for ${seconds} s`)
console.log(`unloaded  p50 ${ms(unloaded.p50)}, p99 ${ms(unloaded.p99)}`)
console.log(
  `storm     p50 ${ms(storm.p50)}, p99 ${ms(storm.p99)} (${(storm.p99 / unloaded.p99).toFixed(2)} × unloaded); ${storm.served} served, ${storm.shed} shed`,
)
console.log(`a 503     p50 ${ms(refusal.p50)}, p99 ${ms(refusal.p99)}, at most ${ms(refusal.most)} of the server`)
console.log(
  `after 2 s p50 ${ms(after.p50)}, p99 ${ms(after.p99)}, ${after.shed} shed; ${failures} without an answer in all`,
)
const quiet = await idle(10_000, 200, seconds * 1000)
console.log(
  `${quiet.connections} idle connections, ${quiet.kept} kept; 200 req/s: ${quiet.served} of ${quiet.asked} served, p50 ${ms(quiet.p50)}, p99 ${ms(quiet.p99)}; ${quiet.rss.map(n => n.toFixed(0)).join(' → ')} MiB`,
)
