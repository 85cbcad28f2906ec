// The modules of a package as few files: Node takes a third of a millisecond to find, read and link each one, and a command
// that asks one thing would spend most of its time so. Packages stay apart, and so do the classes that they share.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** Puts bundles of `entries` (`node: 'index'` makes node.js of index.js) into `dist`; what is loaded later stays a file of its own. */
export async function bundle(dist: string, entries: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const input = Object.fromEntries(Object.entries(entries).map(([name, from]) => [name, join(dist, `${from}.js`)]))
  const build = await rolldown({
    input,
    platform: 'node',
    external: id => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(id),
    logLevel: 'silent',
  })
  const { output } = await build.write({ dir: dist, format: 'es', chunkFileNames: '[name]-[hash].js' })
  await build.close()
  return output.map(({ fileName }) => fileName)
}

/** Removes the modules that are in bundles; their declarations stay. */
export function removeModules(dist: string, kept: readonly string[]): void {
  const files = readdirSync(dist, { recursive: true }).map(path => String(path).replaceAll('\\', '/'))
  for (const path of files) if (path.endsWith('.js') && !kept.includes(path)) rmSync(join(dist, path))
}
