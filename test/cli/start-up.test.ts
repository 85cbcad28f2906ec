// A start is short as long as declaring commands loads nothing but their words: what they need is imported when they run.
import assert from 'node:assert/strict'
import { it } from 'node:test'
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

it('the command declares all of its words with commander alone', () => {
  const { seen, packages } = loadedBy('packages/cli/src/index.ts')
  assert.deepEqual([...packages], [])
  assert.deepEqual(
    [...seen].filter(path => path.endsWith('/run.ts')),
    [],
  )
  assert.ok(seen.size > 20)
})

it('its file loads nothing before it knows the version of Node', () =>
  assert.deepEqual(
    modules.get('packages/cli/src/bin.ts')?.imports.filter(({ kind }) => kind === 'value'),
    [],
  ))
