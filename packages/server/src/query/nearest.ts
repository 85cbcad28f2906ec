// Which known name was meant?

const longest = 64

/**
 * The candidate nearest to `name`, letter case aside: one edit per three letters at most (insert, delete, replace,
 * swap neighbours), never more than three. Undefined when nothing is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longest) return undefined
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bound = Math.min(3, Math.max(1, Math.floor(name.length / 3))) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bound) continue
    const distance = distanceOf(wanted, candidate.toLowerCase())
    if (distance < bound) {
      best = candidate
      bound = distance
    }
  }
  return best
}

/** “ Did you mean …?” to follow a sentence, or nothing. */
export function hint(name: string, candidates: Iterable<string>): string {
  const known = nearest(name, candidates)
  return known === undefined ? '' : ` Did you mean “${known}”?`
}

/** Damerau–Levenshtein distance in its restricted form: no part is edited twice. */
function distanceOf(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1)
      line.push(least)
    }
    beforeLast = last
    last = line
  }
  return last[to.length] ?? 0
}
