// comity metrics, against a plain server.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { comity, here, startInTerminal, withoutTerminal } from './support/comity.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-cli-metrics-'))
let server: Server
let url: string
let seen: string[]
let waits: Promise<void> | undefined
let [open, peak] = [0, 0]

before(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    peak = Math.max(peak, ++open)
    const status = request.url === '/moved' ? 307 : request.url === '/sometimes' && seen.length % 4 === 0 ? 503 : 200
    if (request.url === '/never') return void response.on('close', () => open--)
    setTimeout(async () => {
      if (seen.length >= 60) await waits
      open--
      response.writeHead(status, { location: '/', 'cache-control': 'max-age=60' }).end('12345')
    }, 2)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  seen = []
  waits = undefined
  peak = 0
})

describe('comity metrics', () => {
  it('sends so many requests, so many at once, and tells how they were answered', async () => {
    const { code, out, err } = await comity(['metrics', `${url}/sometimes`, '--n', '100', '--concurrency', '5'], folder)
    assert.deepEqual([code, err], [0, ''])
    assert.deepEqual([seen.length, peak], [100, 5])
    const number = '[\\d.,]+'
    const lines = [
      `GET ${url}/sometimes`,
      `100 requests, 5 at once, in ${number} m?s: ${number} a second, 500 B received`,
      '',
      '200     75   75\\.0 %  █{30}',
      '503     25   25\\.0 %  █{10}',
      'success  75\\.0 %',
      '',
      ' +mean +p50 +p95 +p99 +max',
      `to the head( +${number} m?s){5}`,
      `to the end ( +${number} m?s){5}`,
      '',
      `( *${number} m?s – +${number} m?s  [█▉▊▋▌▍▎▏]* \\d+\n){11} *${number} m?s – +${number} m?s  [█▉▊▋▌▍▎▏]* \\d+`,
      '',
    ]
    assert.match(out, new RegExp(`^${lines.join('\n')}$`))
  })

  it('asks the URLs of a file in turn, as JSON, and follows nothing', async () => {
    writeFileSync(join(folder, 'urls.txt'), `# two\n${url}/a\n\n${url}/moved\n`)
    const { code, out } = await here(
      ['metrics', 'urls.txt', '--n', '5', '--method', 'HEAD', '--concurrency', '1', '--as', 'json'],
      folder,
    )
    const report = JSON.parse(out)
    assert.deepEqual(seen, ['HEAD /a', 'HEAD /moved', 'HEAD /a', 'HEAD /moved', 'HEAD /a'])
    assert.deepEqual(report.outcomes, [
      { outcome: 200, count: 3, part: 0.6 },
      { outcome: 307, count: 2, part: 0.4 },
    ])
    assert.deepEqual([code, report.successRate, report.requests, report.bytes], [0, 1, 5, 0])
    assert.equal(
      report.histogram.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
      5,
    )
  })

  it('ends when its time is over', async () => {
    const { code, out, err } = await here(['metrics', `${url}/never`, '--for', '50ms'], folder)
    assert.equal(code, 1)
    assert.match(out, /^GET .*\n0 requests/)
    assert.match(err, /^The time was over after 0 of 200 requests\.\nNo request was answered\./)
  })

  it('tells what was measured when it is stopped', async () => {
    const stop = new AbortController()
    const ended = here(['metrics', `${url}/a`, '--n', '1000000'], folder, '', { interrupted: stop.signal })
    while (seen.length < 20) await new Promise(resolve => setTimeout(resolve, 5))
    stop.abort()
    const { code, out, err } = await ended
    assert.equal(code, 130)
    assert.match(out, /\nsuccess {2}100\.0 %\n/)
    assert.match(err, /^Stopped after \d+ of 1000000 requests\.\n$/)
  })

  it('fails where nobody answers, and where it is asked wrongly', async () => {
    const { code, out } = await here(['metrics', 'http://127.0.0.1:9/', '--n', '3'], folder)
    assert.equal(code, 1)
    assert.match(out, /\nrefused {2}3 +100\.0 %/)
    assert.equal((await here(['metrics', url, '--concurrency', '257'], folder)).code, 2)
    assert.equal((await here(['metrics', url, '--method', 'DELETE'], folder)).code, 2)
    writeFileSync(join(folder, 'empty.txt'), '# nothing\n')
    assert.deepEqual(await here(['metrics', 'empty.txt'], folder), {
      code: 2,
      out: '',
      err: 'empty.txt names no URLs. Write one a line.\n',
    })
    assert.deepEqual(await here(['metrics', 'none.txt'], folder), {
      code: 2,
      out: '',
      err: 'none.txt is not there. Name a file of URLs, one a line, or a URL.\n',
    })
  })

  it('draws a bar on a terminal', { skip: withoutTerminal('long') }, async () => {
    const { said, ended } = startInTerminal(['metrics', `${url}/a`, '--n', '100'], folder)
    waits = said(/metrics \[=+>-+\] +\d+ % \d+ of 100 requests/)
    const { code, out } = await ended
    assert.equal(code, 0)
    assert.match(out, /metrics \[=+\] 100 % 100 of 100 requests/)
  })
})
