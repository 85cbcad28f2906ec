// node:http with nothing behind it: the bytes and fields that another server sent, from memory. It decides on
// If-None-Match and reads the content of a POST, and does no other work: the most that Node can give.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { listening } from './listening.ts'

/** An answer kept for one request; `content` in base64. */
export type Kept = {
  readonly method: string
  readonly path: string
  readonly ifNoneMatch: string | undefined
  readonly acceptEncoding: string | undefined
  readonly status: number
  readonly fields: readonly string[]
  readonly content: string
}

const { answers } = JSON.parse(process.argv[2] ?? '{}')
const kept: readonly Kept[] = JSON.parse(readFileSync(answers, 'utf8'))
const keyOf = (method: string, path: string, ifNoneMatch = '', acceptEncoding = '') =>
  `${method} ${path} ${ifNoneMatch} ${acceptEncoding}`
const ready = new Map(
  kept.map(({ method, path, ifNoneMatch, acceptEncoding, status, fields, content }) => [
    keyOf(method, path, ifNoneMatch, acceptEncoding),
    { status, fields: [...fields], content: Buffer.from(content, 'base64') },
  ]),
)

const server = createServer((request, response) => {
  const { method = '', url = '', headers } = request
  const answer = ready.get(keyOf(method, url, headers['if-none-match'], String(headers['accept-encoding'] ?? '')))
  if (answer === undefined) {
    response.writeHead(404).end()
    return
  }
  const send = () => response.writeHead(answer.status, answer.fields).end(answer.content)
  if (method === 'POST') request.on('data', () => {}).on('end', send)
  else send()
})
listening(server)
