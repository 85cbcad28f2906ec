// Load by wrk, with a script that holds the requests ready and prints the figures as one line of JSON.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Question } from '../exchange.ts'
import type { LoadWish, Measured } from './load.ts'

export async function loadByWrk({ base, questions, connections, seconds, folder }: LoadWish): Promise<Measured> {
  const script = join(folder, 'load.lua')
  writeFileSync(script, scriptFor(questions))
  const words = ['--threads', '1', '--connections', `${connections}`, '--duration', `${seconds}s`, '--timeout', '10s']
  const { stdout } = await promisify(execFile)('wrk', [...words, '--script', script, base])
  const line = stdout.split('\n').find(each => each.startsWith('{'))
  if (line === undefined) throw new Error(`wrk printed no figures:\n${stdout}`)
  const { requests, microseconds, p50, p99, failures } = JSON.parse(line)
  return { rate: (requests * 1e6) / microseconds, p50: p50 / 1000, p99: p99 / 1000, failures }
}

function scriptFor(questions: readonly Question[]): string {
  const requests = questions.map(({ method, path, fields, content }) => {
    const headers = Object.entries(fields).map(([name, value]) => `[${quoted(name)}] = ${quoted(value)}`)
    return `  wrk.format(${quoted(method)}, ${quoted(path)}, { ${headers.join(', ')} }, ${content === undefined ? 'nil' : quoted(content)}),`
  })
  return `local requests
local next = 0

function init(args)
  requests = {
${requests.join('\n')}
  }
end

function request()
  next = next % #requests + 1
  return requests[next]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failures":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
`
}

const quoted = (text: string): string =>
  `"${text.replace(/["\\\n\r]/g, found => `\\${found.charCodeAt(0).toString().padStart(3, '0')}`)}"`
