// One plain request, and its answer as it came over the wire.
import { Agent, request } from 'node:http'

export type Question = {
  readonly method: string
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly content: string | undefined
}

export type Answer = {
  readonly status: number
  /** By lower-case name. */
  readonly fields: Readonly<Record<string, string | string[] | undefined>>
  /** Name, value, name, value, …, as sent. */
  readonly raw: readonly string[]
  readonly content: Buffer
}

export const get = (path: string): Question => ({ method: 'GET', path, fields: {}, content: undefined })

const agent = new Agent({ keepAlive: true })

/** Asks the server at `base`. `taken` is called with each piece of the content, which is then not kept. */
export function ask(base: string, question: Question, taken?: (piece: Buffer) => void): Promise<Answer> {
  const { method, path, fields, content } = question
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method, agent, headers: fields }, response => {
      const pieces: Buffer[] = []
      response.on('data', taken ?? (piece => pieces.push(piece)))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0, headers, rawHeaders } = response
        resolve({ status: statusCode, fields: headers, raw: rawHeaders, content: Buffer.concat(pieces) })
      })
    })
    sent.on('error', reject)
    sent.end(content)
  })
}

/** The content of a successful answer, as JSON. */
export async function read<T>(base: string, path: string): Promise<T> {
  const answer = await ask(base, get(path))
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${answer.content}`)
  return JSON.parse(answer.content.toString('utf8'))
}
