// A response that says no, as an error of one sentence.
import { HttpError } from '../errors.ts'
import type { Outgoing } from '../exchange/request.ts'
import { shownUrl } from '../exchange/target.ts'
import type { HttpResponse } from './response.ts'

/** @param notFollowed why its redirection was not followed, where that is what it is */
export function refusalOf({ method }: Outgoing, response: HttpResponse, notFollowed: string | undefined): HttpError {
  const { problem, status, reason } = response
  const said = notFollowed ?? problem?.detail ?? problem?.title ?? ''
  const hint = status === 428 ? ' (client.update() reads, changes and writes under If-Match)' : ''
  // A browser does not show the redirections that it does not follow.
  const answered = status === 0 ? 'redirected' : `answered ${status}${reason === '' ? '' : ` ${reason}`}`
  const message = `${method} ${shownUrl(response.url)} was ${answered}`
  return new HttpError((said === '' ? message : `${message}: ${said}`) + hint, response)
}
