// Files that are whole or not there, whatever ends their writer.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { openAside, writeFileAside } from './write-file.ts'

let top: string
let folder: string
before(async () => {
  top = await mkdtemp(join(tmpdir(), 'comity-aside-'))
})
beforeEach(async () => {
  folder = await mkdtemp(join(top, 'a-'))
})
after(() => rm(top, { recursive: true }))

describe('a file that is written aside', () => {
  it('takes its name when it is whole', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    await chmod(path, 0o640)
    const aside = await openAside(path)
    await aside.write('ne')
    await aside.write(Buffer.from('w'))
    assert.equal(await readFile(path, 'utf8'), 'old')
    await aside.keep()
    assert.equal(await readFile(path, 'utf8'), 'new')
    assert.equal((await stat(path)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(folder), ['a.txt'])
    assert.equal(process.listenerCount('SIGINT'), 0)
  })
  it('leaves what was there where its pieces end in an error', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    const broken = function* () {
      yield 'half'
      throw new Error('gone')
    }
    await assert.rejects(writeFileAside(path, broken()), /gone/)
    assert.equal(await readFile(path, 'utf8'), 'old')
    assert.deepEqual(await readdir(folder), ['a.txt'])
  })
  it('is put where a link leads', async () => {
    await writeFile(join(folder, 'real.txt'), 'old')
    await symlink('real.txt', join(folder, 'link.txt'))
    await writeFileAside(join(folder, 'link.txt'), ['new'])
    assert.equal(await readFile(join(folder, 'real.txt'), 'utf8'), 'new')
    assert.deepEqual((await readdir(folder)).sort(), ['link.txt', 'real.txt'])
  })
  it('is no folder', () => assert.rejects(writeFileAside(folder, ['x']), { code: 'EISDIR' }))
  it('may be a device', () => writeFileAside('/dev/null', ['x']))

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`is gone after ${signal}`, async () => {
      const module = JSON.stringify(new URL('./write-file.ts', import.meta.url).href)
      const source = `const { openAside } = await import(${module})
const aside = await openAside('a.txt')
await aside.write('half')
console.log('written')
setTimeout(() => {}, 60_000)`
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder })
      await once(child.stdout, 'data')
      assert.equal((await readdir(folder)).length, 1)
      child.kill(signal)
      assert.deepEqual(await once(child, 'close'), [code, null])
      assert.deepEqual(await readdir(folder), [])
    })
})
