// A start is short as long as declaring commands loads nothing but their words: what they need is imported when they run.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Command } from 'commander'
import { commands, type Entry, needed } from '../../packages/cli/src/commands.ts'
import { processIo } from '../../packages/cli/src/terminal/io.ts'
import { readModules, targetOf } from '../layers/modules.ts'

const root = new URL('../../', import.meta.url)
const modules = new Map(readModules(root, 'packages/cli/src').map(module => [module.path, module]))

/** What is there before a command is known: modules of the command, and packages with who imports them. */
function loadedBy(path: string, seen = new Set<string>(), packages = new Map<string, string>()) {
  if (seen.has(path)) return { seen, packages }
  seen.add(path)
  for (const { specifier, kind } of modules.get(path)?.imports ?? []) {
    if (kind !== 'value' || specifier.startsWith('node:')) continue
    const target = targetOf(path, specifier)
    if (target !== undefined) loadedBy(target, seen, packages)
    else if (specifier !== 'commander') packages.set(specifier, path)
  }
  return { seen, packages }
}

it('the command is there with commander alone, before anything is declared', () => {
  const { seen, packages } = loadedBy('packages/cli/src/index.ts')
  assert.deepEqual([...packages], [])
  assert.deepEqual(
    [...seen].filter(path => /\/(?:declare|run)\.ts$/.test(path)),
    [],
  )
  assert.ok(seen.size > 5)
})

it('what is declared is words: nothing of what they do, and no package', () => {
  const declares = [...modules.keys()].filter(path => path.endsWith('/declare.ts'))
  assert.ok(declares.length > 15)
  for (const path of declares) {
    const { seen, packages } = loadedBy(path)
    assert.deepEqual([...packages], [], path)
    assert.deepEqual(
      [...seen].filter(each => each.endsWith('/run.ts')),
      [],
    )
  }
})

it('every command is declared under the names by which it is loaded', async () => {
  const io = processIo()
  const declared = async ({ load }: Entry) => {
    const program = new Command()
    ;(await load())(program, () => {}, io)
    return program.commands.map(command => command.name())
  }
  for (const entry of commands) assert.deepEqual(await declared(entry), entry.names)
})

it('the words of a call load one declaration, those that ask for all load all', () => {
  const names = (...words: string[]) => needed(words).flatMap(entry => entry.names)
  assert.deepEqual(names('links', ':3000'), ['links'])
  assert.deepEqual(names('--version'), [])
  for (const words of [[], ['--help'], ['lnks'], ['completion', 'bash']]) assert.equal(needed(words), commands)
})

it('a client is made without the modules of node:http, which bring the fetch of Node along', () => {
  const nodes = readModules(root, 'packages/client/src').filter(({ imports }) =>
    imports.some(({ specifier, kind }) => specifier === 'node:http' && kind === 'value'),
  )
  assert.deepEqual(
    nodes.map(({ path }) => path).filter(path => !/test\.ts$/.test(path)),
    [],
  )
})

it('its file loads nothing before it knows the version of Node', () =>
  assert.deepEqual(
    modules.get('packages/cli/src/bin.ts')?.imports.filter(({ kind }) => kind === 'value'),
    [],
  ))
