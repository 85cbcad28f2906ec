// Amounts as people read them: bytes, counts and spans of time.

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.2 MB`; powers of 1000, as disks and networks are sold. */
export function formatBytes(bytes: number): string {
  let rest = bytes
  let at = 0
  // What would be rounded to 1000 is written in the next unit.
  while (rest >= (at === 0 ? 1000 : 999.95) && at < units.length - 1) {
    rest /= 1000
    at++
  }
  return `${at === 0 ? Math.round(rest) : rest.toFixed(1)} ${units[at]}`
}

/** `1,234 rows`, `1 row`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`
}

/** `4 s`, `3:07`, `1:02:45`. @param seconds not negative */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`
}

/** `0.42 ms`, `12.3 ms`, `1,204 ms`, `12.5 s`. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 100) return `${Math.round(ms).toLocaleString('en')} ms`
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`
}
