// RFC 9110 §13: every way in which a request can be made conditional, by name.
import { formatDate } from '@comity/http'
import type { Fields } from './call.ts'

/** What a client may know of the thing it asks for. */
export type Known = {
  /** The entity tag of its JSON representation now, with quotes. */
  readonly current: string
  /** The tag it had before it was last changed. */
  readonly stale: string
  /** The tag of another representation of what it is now. */
  readonly other: string
  /** Last-Modified, in ms since the epoch. */
  readonly modified: number
}

/** RFC 9110 §5.6.7: the three forms a date may be read in. */
const forms = {
  'IMF-fixdate': formatDate,
  'RFC 850': (ms: number): string => {
    const [, day, date, month, year, time] = parts(ms)
    const long = { Sun: 'Sunday', Mon: 'Monday', Tue: 'Tuesday', Wed: 'Wednesday', Thu: 'Thursday', Fri: 'Friday' }
    return `${long[day as keyof typeof long] ?? 'Saturday'}, ${date}-${month}-${year?.slice(2)} ${time} GMT`
  },
  asctime: (ms: number): string => {
    const [, day, date, month, year, time] = parts(ms)
    return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`
  },
} as const

const parts = (ms: number) => /^(...), (..) (...) (....) (\S+) GMT$/.exec(formatDate(ms)) ?? []

const opaque = (tag: string): string => tag.slice(1, -1)

const dates = (name: string): Record<string, (known: Known) => Fields> => {
  const rows: Record<string, (known: Known) => Fields> = {}
  for (const [form, format] of Object.entries(forms))
    for (const [when, offset] of [
      ['before', -1000],
      ['at', 0],
      ['after', 1000],
    ] as const)
      rows[`${name} ${when}, ${form}`] = ({ modified }) => ({ [name]: format(modified + offset) })
  rows[`${name} unreadable`] = ({ modified }) => ({ [name]: new Date(modified).toISOString() })
  return rows
}

/** The fields of each condition. */
export const conditions: Readonly<Record<string, (known: Known) => Fields>> = {
  none: () => ({}),
  'If-Match current': ({ current }) => ({ 'If-Match': current }),
  'If-Match stale': ({ stale }) => ({ 'If-Match': stale }),
  'If-Match other representation': ({ other }) => ({ 'If-Match': other }),
  'If-Match current in a list': ({ current }) => ({ 'If-Match': `"a,b", ,W/"c",${current}` }),
  'If-Match on two lines': ({ current }) => ({ 'If-Match': ['"a,b"', current] }),
  'If-Match inside another tag': ({ current }) => ({ 'If-Match': `"a,${opaque(current)},b"` }),
  'If-Match weak current': ({ current }) => ({ 'If-Match': `W/${current}` }),
  'If-Match *': () => ({ 'If-Match': '*' }),
  'If-Match * in quotes': () => ({ 'If-Match': '"*"' }),
  'If-Match unquoted': ({ current }) => ({ 'If-Match': opaque(current) }),
  'If-Match * in a list': ({ current }) => ({ 'If-Match': `*, ${current}` }),
  'If-None-Match current': ({ current }) => ({ 'If-None-Match': current }),
  'If-None-Match stale': ({ stale }) => ({ 'If-None-Match': stale }),
  'If-None-Match other representation': ({ other }) => ({ 'If-None-Match': other }),
  'If-None-Match current in a list': ({ current }) => ({ 'If-None-Match': `"a,b", ,W/"c",${current}` }),
  'If-None-Match on two lines': ({ current }) => ({ 'If-None-Match': ['"a,b"', current] }),
  'If-None-Match inside another tag': ({ current }) => ({ 'If-None-Match': `"a,${opaque(current)},b"` }),
  'If-None-Match weak current': ({ current }) => ({ 'If-None-Match': `W/${current}` }),
  'If-None-Match *': () => ({ 'If-None-Match': '*' }),
  'If-None-Match unquoted': ({ current }) => ({ 'If-None-Match': opaque(current) }),
  ...dates('If-Modified-Since'),
  ...dates('If-Unmodified-Since'),
  'If-Match current, If-Unmodified-Since before': ({ current, modified }) => ({
    'If-Match': current,
    'If-Unmodified-Since': formatDate(modified - 1000),
  }),
  'If-Match stale, If-Unmodified-Since after': ({ stale, modified }) => ({
    'If-Match': stale,
    'If-Unmodified-Since': formatDate(modified + 1000),
  }),
  'If-Match current, If-None-Match current': ({ current }) => ({ 'If-Match': current, 'If-None-Match': current }),
  'If-Match stale, If-None-Match current': ({ stale, current }) => ({ 'If-Match': stale, 'If-None-Match': current }),
  'If-None-Match stale, If-Modified-Since after': ({ stale, modified }) => ({
    'If-None-Match': stale,
    'If-Modified-Since': formatDate(modified + 1000),
  }),
  'If-None-Match current, If-Modified-Since before': ({ current, modified }) => ({
    'If-None-Match': current,
    'If-Modified-Since': formatDate(modified - 1000),
  }),
  'If-Unmodified-Since after, If-Modified-Since after': ({ modified }) => ({
    'If-Unmodified-Since': formatDate(modified + 1000),
    'If-Modified-Since': formatDate(modified + 1000),
  }),
  'If-Unmodified-Since before, If-None-Match current': ({ current, modified }) => ({
    'If-Unmodified-Since': formatDate(modified - 1000),
    'If-None-Match': current,
  }),
  'If-Range current': ({ current }) => ({ 'If-Range': current }),
}
