// RFC 9112: what Node's parser lets pass, although a server must refuse it
import { IncomingMessage } from 'node:http'
import { type Refused, refuse } from '../exchange/answer.ts'

/** Most fields of a request (431). */
export const mostFields = 200

/** What is wrong with a message as a message; undefined when nothing is. */
export function faultOfMessage(message: IncomingMessage): Refused | undefined {
  // HTTP/2 has neither this version, nor transfer codings.
  if (message.httpVersionMajor !== 1 && !(message instanceof IncomingMessage)) return faultOfStream(message)
  return versionFault(message) ?? countFault(message) ?? codingFault(message) ?? hostFault(message)
}

/** Where the next message begins cannot be told, or there can be none. */
const closing = { fields: { connection: 'close' } }

/** §2.3: no line of HTTP/0.9 has a version, and HTTP/2 does not begin with a request line. */
function versionFault({ httpVersionMajor, httpVersion }: IncomingMessage): Refused | undefined {
  if (httpVersionMajor === 1) return
  return refuse('http-version-not-supported', `HTTP/${httpVersion} is not spoken here; HTTP/1.1 is.`, closing)
}

/** RFC 6585 §5 */
function countFault({ rawHeaders }: IncomingMessage): Refused | undefined {
  if (rawHeaders.length <= 2 * mostFields) return
  return refuse('header-fields-too-large', `The request has more than ${mostFields} fields.`, closing)
}

/** §6.1 */
function codingFault({ headers }: IncomingMessage): Refused | undefined {
  const codings = headers['transfer-encoding']
  if (codings === undefined || codings.toLowerCase() === 'chunked') return
  return refuse('transfer-coding-not-implemented', `The transfer coding “${codings}” is not read; chunked is.`, closing)
}

// RFC 3986 §3.2.2 and §3.2.3; without userinfo.
const hostAndPort = /^(?:\[[0-9A-Za-z:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?$/
let lastValid = ''

/** RFC 9113 §8.3.1: where both say whom the request is for, they say the same. */
function faultOfStream({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): Refused | undefined {
  const authority = headers[':authority']
  if (authority !== undefined && headers.host !== undefined && headers.host !== authority)
    return refuse('malformed-request', 'Host is not what :authority is.')
  let credentials = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at] === 'authorization') credentials++
  return credentials > 1 ? twoCallers : undefined
}

/** RFC 9110 §5.3, §11.6.2: of two, a proxy may have believed another one. */
const twoCallers = refuse('malformed-request', 'The request has more than one Authorization field.', closing)

/** §3.2: exactly one Host, and a valid one; and no more than one Authorization. Node keeps the first of several to itself. */
function hostFault({ headers, rawHeaders, httpVersionMinor }: IncomingMessage): Refused | undefined {
  let hosts = 0
  let credentials = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
    else if (name.length === 13 && name.toLowerCase() === 'authorization') credentials++
  }
  if (credentials > 1) return twoCallers
  if (hosts > 1) return refuse('malformed-request', 'The request has more than one Host field.', closing)
  const { host } = headers
  if (host === undefined)
    return httpVersionMinor === 0 ? undefined : refuse('malformed-request', 'The request has no Host field.', closing)
  if (host === lastValid) return
  if (!hostAndPort.test(host)) return refuse('malformed-request', `“${host}” is not a host and port.`, closing)
  lastValid = host
  return
}
