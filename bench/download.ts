// One file of 1 GiB, downloaded from this server, from bare node:http (`createReadStream().pipe()`) and, where it is
// installed, from nginx: `node --conditions=@comity/source bench/download.ts`. In turn; medians are told.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as listen } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { defineApi, files, serve } from '@comity/server'

const size = 1024 ** 3
const rounds = 5
const folder = mkdtempSync(join(tmpdir(), 'comity-download-'))
const database = join(folder, 'd.sqlite')

const api = defineApi({ title: 'Download', resources: { films: files() } })
const comity = await serve(api, { port: 0, database: `sqlite:${database}`, files: join(folder, 'files') })
const headers = { 'content-type': 'video/mp4' }
await fetch(`${comity.url}/films/one.mp4`, { method: 'PUT', headers, body: 'one' })
const hash = createHash('sha256').update('one').digest('hex')
const path = join(folder, 'files', hash.slice(0, 2), hash.slice(2))
// Sparse, so that no disk is measured.
truncateSync(path, size)
const db = new DatabaseSync(database)
db.prepare('UPDATE films SET size = ?').run(size)
db.close()

const bare = createServer((_, response) => {
  response.setHeader('content-length', size)
  createReadStream(path).pipe(response)
}).listen(0, '127.0.0.1')
await once(bare, 'listening')
const urls: Record<string, string> = {
  comity: `${comity.url}/films/one.mp4`,
  bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`,
}

const nginx = ['nginx', '/usr/sbin/nginx'].find(name => !spawnSync(name, ['-v']).error)
const child = nginx === undefined ? undefined : await startNginx(nginx)

async function startNginx(command: string) {
  const free = listen().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  const config = join(folder, 'nginx.conf')
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  writeFileSync(
    config,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; ${process.getuid?.() === 0 ? 'user root;' : ''}
events {} http { access_log off; sendfile on; ${places.join(' ')} server { listen 127.0.0.1:${port}; root ${folder}/files; } }`,
  )
  const running = spawn(command, ['-c', config, '-p', folder], { stdio: 'ignore' })
  urls.nginx = `http://127.0.0.1:${port}/${hash.slice(0, 2)}/${hash.slice(2)}`
  while (
    await fetch(urls.nginx, { method: 'HEAD' }).then(
      ({ ok }) => !ok,
      () => true,
    )
  )
    await new Promise(resolve => setTimeout(resolve, 20))
  return running
}

const run = promisify(execFile)
const speeds: Record<string, number[]> = {}
for (let round = 0; round < rounds; round++)
  for (const [name, url] of Object.entries(urls)) {
    const { stdout } = await run('curl', ['-sf', '-o', '/dev/null', '-w', '%{speed_download}', url])
    speeds[name] = [...(speeds[name] ?? []), Number(stdout) / 1e6]
  }
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
for (const [name, values] of Object.entries(speeds)) {
  const ratio = median(speeds.comity ?? []) / median(values)
  console.log(`${name.padEnd(8)} ${median(values).toFixed(0).padStart(6)} MB/s   comity is ${ratio.toFixed(2)} of it`)
}
child?.kill()
bare.close()
await comity.close()
rmSync(folder, { recursive: true, force: true })
