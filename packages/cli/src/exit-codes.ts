// How `comity` ends: one number for scripts, its meaning in `comity --help`.

export const exitCodes = {
  ok: 0,
  /** No answer came, or anything else that was asked for failed. */
  failed: 1,
  /** It was asked wrongly: words, flags, files that are not there. */
  usage: 2,
  /** 128 and the number of the signal, as shells have it. */
  interrupted: 130,
  terminated: 143,
} as const

/** The exit code for the status of an answer: 3, 4 or 5 by its class, 0 for a success. */
export function exitCodeOf(status: number): number {
  const first = Math.floor(status / 100)
  return first >= 3 && first <= 5 ? first : exitCodes.ok
}
