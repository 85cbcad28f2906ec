// npm run bench: this server beside its peers on this machine, in one run and in turn. Nothing here passes or fails.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { measureClients } from './measures/client.ts'
import { measureExports } from './measures/export.ts'
import { makeLarge } from './measures/large.ts'
import { measurePages } from './measures/pages.ts'
import { measureStart } from './measures/start.ts'
import { measureThroughput } from './measures/throughput.ts'
import { type Options, readOptions, usage, workNames } from './options.ts'
import { clientsForDocument, forDocument, forTerminal, type Results } from './report.ts'

const told = (line: string): void => void process.stderr.write(`${line}\n`)

async function measure(options: Options, folder: string): Promise<Results> {
  const { connections, seconds, rounds } = options
  const wants = (name: Options['only'][number]) => options.only.includes(name)
  const loaded = workNames.some(wants) ? await measureThroughput(options, folder, told) : undefined
  if (wants('start')) told('First answer after start')
  const start = wants('start') ? await measureStart(folder) : undefined
  if (wants('pages') || wants('export')) told(`A collection of ${options.rows.toLocaleString('en')} rows`)
  const large = wants('pages') || wants('export') ? await makeLarge(folder, options.rows) : undefined
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
      cores: cpus().length,
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    },
    tool: loaded?.tool,
    connections,
    seconds,
    rounds,
    throughput: loaded?.tables ?? [],
    start,
    pages: large && wants('pages') ? await measurePages(large) : undefined,
    exports: large && wants('export') ? await measureExports(large) : [],
    clients: wants('client') ? await measureClients(options, folder, told) : undefined,
  }
}

/** Tables of what was not measured stay as they are. */
function writeDocument(results: Results): void {
  const path = new URL('README.md', import.meta.url)
  let text = readFileSync(path, 'utf8')
  const place = (name: string, tables: string): void => {
    const between = new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`)
    text = text.replace(between, (_, open, close) => `${open}\n\n${tables}\n\n${close}`)
  }
  const { throughput, start, pages, exports, clients } = results
  if (throughput.length > 0 || start || pages || exports.length > 0) place('figures', forDocument(results))
  if (clients) place('client figures', clientsForDocument(results))
  writeFileSync(path, text)
}

let options: Options | 'help'
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exit(2)
}
if (options === 'help') {
  console.log(usage)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  try {
    const results = await measure(options, folder)
    console.log(`\n${forTerminal(results)}`)
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`)
    if (options.markdown) writeDocument(results)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
