// What docs/cli.md, the site's README and the help of the commands for files and pages show, against both examples.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serveSite } from '../../examples/site/serve.ts'
import { here, type Running, start } from './support/comity.ts'
import { examplesOf, fetching } from './support/examples.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'comity-site-docs-'))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
let site: Awaited<ReturnType<typeof serveSite>>
let placeholder: Running
let ports: Readonly<Record<string, string>>

before(async () => {
  site = await serveSite()
  placeholder = start(['serve', join(root, 'examples/placeholder/db.json'), '--memory', '--port', '0'], folder)
  let said = ''
  placeholder.child.stdout?.on('data', piece => {
    said += piece
  })
  await placeholder.said(/served at/)
  ports = { 3000: /127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? '', 8080: new URL(site.url).port }
  writeFileSync(join(folder, 'urls.txt'), at('http://127.0.0.1:3000/posts/1\nhttp://127.0.0.1:3000/posts/2\n'))
  writeFileSync(join(folder, 'people.ndjson'), '{"name":"Ann","email":"ann@example.org"}\n')
})
after(async () => {
  placeholder.child.kill()
  await placeholder.ended
  site.server.closeAllConnections()
  await new Promise(resolve => site.server.close(resolve))
  rmSync(folder, { recursive: true })
})

/** With the ports that are free here. */
const at = (text: string): string => text.replaceAll(/(?<=:)(?:3000|8080)\b/g, port => ports[port] ?? port)

const run = (line: string) => {
  const bare = line.replace(/ +#.*$/, '').replaceAll('examples/site/', join(root, 'examples/site/'))
  const words = (at(bare).match(/(?:'[^']*'|[^\s'])+/g) ?? []).map(word => word.replaceAll("'", ''))
  return here(words.slice(1), folder)
}

const sections = ['images', 'links'].map(
  name => read('docs/cli.md').split(`## comity ${name}\n`)[1]?.split('\n## ')[0] ?? '',
)
const shown = sections.flatMap(section =>
  [...section.matchAll(/^```text\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split(/^\$ /m).slice(1)),
)

describe('docs/cli.md', () => {
  it('has examples', () => assert.equal(shown.length, 4))
  for (const example of shown) {
    const [line = '', ...expected] = example.trimEnd().split('\n')
    it(line, async () => {
      const { out, err } = await run(line)
      assert.equal((out + err).trimEnd(), at(expected.join('\n')))
    })
  }
})

describe('the README of the site', () => {
  const [, block = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(read('examples/site/README.md')) ?? []
  const lines = block.split('\n').filter(line => line.startsWith('comity'))
  it('has examples', () => assert.equal(lines.length, 5))
  for (const line of lines)
    it(line, async () => {
      const { code, err } = await run(line)
      assert.equal(code, / # /.test(line) || line.includes('ids.txt') ? 1 : 0, err)
    })
})

describe('the examples of the help', () => {
  for (const name of fetching)
    it(`of comity ${name}`, async () => {
      const lines = await examplesOf(name, folder)
      assert.equal(lines.length, name === 'table' ? 3 : 2)
      if (name === 'import') await run('comity export :3000/albums albums.csv --columns userId,title')
      for (const line of lines) {
        const { code, err } = await run(line)
        assert.ok(code === 0 || (line.includes('--lenient') && code === 1), `${line}: ${err}`)
      }
    })
})
