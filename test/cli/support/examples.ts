// The examples in the help of commands, and which test runs those of which command.
import assert from 'node:assert/strict'
import { here } from './comity.ts'

/** By docs.test.ts. */
export const asking = ['get', 'head', 'post', 'put', 'patch', 'delete', 'query', 'options', 'status', 'completion']
/** By site-docs.test.ts. An import needs what an export wrote. */
export const fetching = ['download', 'images', 'links', 'export', 'import', 'table', 'metrics']

/** The lines below `Examples:` in the help of a command. */
export async function examplesOf(words: string, folder: string): Promise<readonly string[]> {
  const { code, out } = await here([...words.split(' '), '--help'], folder)
  assert.equal(code, 0)
  const lines = [...(out.split('Examples:\n')[1] ?? '').matchAll(/^ {2}(.*comity .*)$/gm)].map(([, line = '']) => line)
  assert.ok(lines.length > 0, words)
  return lines
}

/** Every command that does something, by its words: `serve`, `keys create`. */
export async function everyCommand(folder: string): Promise<readonly string[]> {
  const { out } = await here(['--help'], folder)
  const names = [...out.matchAll(/^ {2}([a-z, ]+?)(?: {2,}|$)/gm)].flatMap(([, list = '']) => list.split(/,\s*/))
  return (await Promise.all(names.filter(name => name !== '').map(name => within(name, folder)))).flat()
}

/** The command itself, or those that it has. */
async function within(words: string, folder: string): Promise<readonly string[]> {
  const { code, out } = await here([...words.split(' '), '--help'], folder)
  assert.equal(code, 0, words)
  const [, more] = /\nCommands:\n((?: .*\n)+)/.exec(out) ?? []
  if (more === undefined) return [words]
  return (
    await Promise.all([...more.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => within(`${words} ${name}`, folder)))
  ).flat()
}
