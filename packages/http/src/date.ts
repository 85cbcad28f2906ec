// RFC 9110 §5.6.7: dates

const days = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun'
const longDays = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday'
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month = months.join('|')
const time = '(\\d\\d):(\\d\\d):(\\d\\d)'

// Against §5.6.7, because RFC 9111 §4.2 asks caches to: letters match in either case.
const imfFixdate = new RegExp(`^(?:${days}), (\\d\\d) (${month}) (\\d{4}) ${time} GMT$`, 'i')
const rfc850Date = new RegExp(`^(?:${longDays}), (\\d\\d)-(${month})-(\\d\\d) ${time} GMT$`, 'i')
const asctimeDate = new RegExp(`^(?:${days}) (${month}) (\\d\\d| \\d) ${time} (\\d{4})$`, 'i')

const cycle = 400
const cycleMs = 146_097 * 86_400_000

/**
 * Reads an HTTP date in any of its three forms, as ms since the epoch. `now` (ms) settles the century of the two-digit
 * year of the RFC 850 form. `undefined` where the text is none of the three, names another zone than GMT, or names a
 * day or an hour that does not exist (30 Feb, 24:00:00). A day name that does not fit the date is tolerated, since it
 * adds nothing; second 60 is read as the start of the next minute. RFC 9110 §5.6.7.
 */
export function parseDate(value: string, now: number): number | undefined {
  const text = value.trim()
  const imf = imfFixdate.exec(text)
  if (imf !== null) return instant(Number(imf[3]), imf[2], imf[1], imf[4], imf[5], imf[6])
  const asctime = asctimeDate.exec(text)
  if (asctime !== null) return instant(Number(asctime[6]), asctime[1], asctime[2], asctime[3], asctime[4], asctime[5])
  const rfc850 = rfc850Date.exec(text)
  if (rfc850 === null) return undefined
  // More than 50 years ahead is the most recent past year with these two digits.
  const horizon = new Date(now)
  const limit = horizon.setUTCFullYear(horizon.getUTCFullYear() + 50)
  const latest = Math.floor(horizon.getUTCFullYear() / 100) * 100 + Number(rfc850[3])
  const ahead = instant(latest, rfc850[2], rfc850[1], rfc850[4], rfc850[5], rfc850[6])
  if (ahead !== undefined && ahead <= limit) return ahead
  return instant(latest - 100, rfc850[2], rfc850[1], rfc850[4], rfc850[5], rfc850[6])
}

function instant(
  year: number,
  monthName: string | undefined,
  dayText: string | undefined,
  hourText: string | undefined,
  minuteText: string | undefined,
  secondText: string | undefined,
): number | undefined {
  const monthIndex = months.indexOf((monthName ?? '').toLowerCase())
  const day = Number(dayText)
  const hour = Number(hourText)
  const minute = Number(minuteText)
  const second = Number(secondText)
  if (day < 1 || day > daysIn(year, monthIndex) || hour > 23 || minute > 59 || second > 60) return undefined
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; the calendar repeats every 400 years.
  return Date.UTC(year + cycle, monthIndex, day, hour, minute, second) - cycleMs
}

function daysIn(year: number, monthIndex: number): number {
  if (monthIndex === 1) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return monthIndex === 3 || monthIndex === 5 || monthIndex === 8 || monthIndex === 10 ? 30 : 31
}

let lastSecond = Number.NaN
let lastText = ''

/**
 * Writes ms since the epoch as an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`; the part below a second is cut off.
 * Throws RangeError outside the years 0 to 9999, which no caller should reach. RFC 9110 §5.6.7.
 */
export function formatDate(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second === lastSecond) return lastText
  // 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z
  if (!(second >= -62_167_219_200 && second <= 253_402_300_799)) throw new RangeError(`not a time HTTP can name: ${ms}`)
  lastText = new Date(second * 1000).toUTCString()
  lastSecond = second
  return lastText
}
