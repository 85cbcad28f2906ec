// The tide table of the harbour: a file large enough to be broken off. Height by the hour, from two made-up moons.

const hour = 3_600_000
const first = Date.UTC(2000, 0, 1)
const hours = 24 * 365 * 30

/** CSV of about 6 MB, the same each time. */
export function tideTable(): Buffer {
  const rows = Array.from({ length: hours }, (_, at) => {
    const height = 2.4 + 1.6 * Math.cos((2 * Math.PI * at) / 12.42) + 0.5 * Math.cos((2 * Math.PI * at) / 354)
    return `${new Date(first + at * hour).toISOString().slice(0, 16)},${height.toFixed(2)}\n`
  })
  return Buffer.from(`time,metres\n${rows.join('')}`)
}
