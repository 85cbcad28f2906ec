// Load by autocannon, where wrk is not installed. Its latencies are whole milliseconds.
import type { LoadWish, Measured } from './load.ts'

export async function loadByAutocannon({ base, questions, connections, seconds }: LoadWish): Promise<Measured> {
  const { default: autocannon } = await import('autocannon')
  const result = await autocannon({
    url: base,
    connections,
    duration: seconds,
    requests: questions.map(({ method, path, fields, content }) => ({
      method,
      path,
      headers: fields,
      ...(content !== undefined && { body: content }),
    })),
  })
  const refused = Object.entries(result.statusCodeStats)
    .filter(([status]) => Number(status) >= 400)
    .reduce((sum, [, { count }]) => sum + count, 0)
  const { p50, p99 } = result.latency
  return { rate: result.requests.total / result.duration, p50, p99, failures: result.errors + refused }
}
