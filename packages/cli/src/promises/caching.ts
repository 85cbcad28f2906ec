// RFC 9111: how long an answer may be used again, and by whom.
import { currentAge, fieldNames, fieldValue, freshnessLifetime, parseCacheControl, parseDate } from '@comity/http'
import type { Finding, Observed } from './finding.ts'

const found = (kind: Finding['kind'], text: string, section: string): Finding => ({
  kind,
  about: 'caching',
  text,
  section,
})

export function* lookAtCaching({ method, at, answer }: Observed): Generator<Finding> {
  const { fields, status } = answer
  const date = fieldValue(fields, 'date')
  if (date === undefined)
    yield found('missing', 'There is no Date: caches can only guess how old the answer is.', 'RFC 9110 §6.6.1')
  else if (parseDate(date, at) === undefined) yield found('broken', `Date is no date: ${date}.`, 'RFC 9110 §5.6.7')
  if (method !== 'GET' && method !== 'HEAD') return
  const field = fieldValue(fields, 'cache-control')
  const control = parseCacheControl(field)
  const expires = fieldValue(fields, 'expires')
  if (expires !== undefined && field === undefined && parseDate(expires, at) === undefined)
    yield found('promised', `Expires is no date (${expires}): the answer counts as stale at once.`, 'RFC 9111 §5.3')
  if (field === undefined && expires === undefined) {
    if (status < 400)
      yield found(
        'missing',
        'Neither Cache-Control nor Expires: each cache decides for itself how long the answer is good. Say no-cache to be asked each time.',
        'RFC 9111 §4.2.2',
      )
  } else yield found('promised', `${whoKeeps(field)}${howLong(answer, at, field)}`, 'RFC 9111 §5.2.2')
  if (control.noStore && control.maxAge !== undefined)
    yield found('broken', 'no-store and max-age contradict each other: nothing is stored.', 'RFC 9111 §5.2.2.5')
  if (control.noStore && fieldValue(fields, 'etag') !== undefined)
    yield found(
      'missing',
      'There is an ETag that nobody may keep: no-cache would let clients revalidate.',
      'RFC 9111 §5.2.2.4',
    )
  if (fieldValue(fields, 'set-cookie') !== undefined && control.public)
    yield found(
      'broken',
      'A cookie is set in an answer that shared caches may keep: others may get it.',
      'RFC 9111 §7.3',
    )
  if (fieldNames(fieldValue(fields, 'vary')).includes('*'))
    yield found('promised', 'Vary: * says that no stored answer fits another request.', 'RFC 9110 §12.5.5')
  if (fieldValue(fields, 'pragma') !== undefined && field === undefined)
    yield found('missing', 'Pragma means nothing in an answer; Cache-Control does.', 'RFC 9111 §5.4')
}

function whoKeeps(field: string | undefined): string {
  const control = parseCacheControl(field)
  if (control.noStore) return 'Nobody may keep the answer.'
  if (control.private) return 'Only the caller’s own cache may keep the answer.'
  return control.public ? 'Any cache may keep the answer, whoever asked.' : 'Caches may keep the answer.'
}

function howLong({ fields, status }: Observed['answer'], at: number, field: string | undefined): string {
  const control = parseCacheControl(field)
  if (control.noStore) return ''
  if (control.noCache) return ' It has to be revalidated each time.'
  const times = { status, fields, requestTime: at, responseTime: at }
  const { kind, ms } = freshnessLifetime(times, { kind: 'private' })
  if (kind === 'none') return ''
  const age = Math.round(currentAge(times, at) / 1000)
  const old = age > 0 ? `, and it is ${age} s old` : ''
  if (ms / 1000 <= age) return ` It is stale already${old}.`
  return ` It is fresh for ${spoken(ms / 1000)}${kind === 'heuristic' ? ', by guessing' : ''}${old}.`
}

function spoken(seconds: number): string {
  const units = [
    [86_400, 'days'],
    [3_600, 'hours'],
    [60, 'minutes'],
  ] as const
  for (const [size, name] of units) if (seconds >= size * 2) return `${Math.round(seconds / size)} ${name}`
  return `${seconds} s`
}
