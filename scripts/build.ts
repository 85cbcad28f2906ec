// npm run build: a publishable dist/ for every package, in order of their dependencies. JavaScript and declarations by
// tsc, assets copied as they are, the licence and a readme beside them; bundles of what a command loads.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, removeModules } from './bundle.ts'

type Manifest = {
  readonly name: string
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

type Package = Manifest & { readonly folder: string }

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')

/** Tests, and the suites and data that only tests read, are not published. */
const unpublished = ['**/*.test.ts', '**/suite.ts', '**/suite/**', '**/fixtures/**']

const packages = inOrder(
  globSync('packages/*/package.json', { cwd: root }).map(path => ({
    ...(JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest),
    folder: join(root, dirname(path)),
  })),
)

for (const each of packages) {
  const started = performance.now()
  await build(each)
  console.log(`${each.name} built in ${Math.round(performance.now() - started)} ms`)
}

async function build({ name, folder, bin }: Package): Promise<void> {
  const dist = join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  compile(name, folder)
  for (const path of globSync('**/*.d.ts', { cwd: dist })) nameJavaScript(join(dist, path))
  for (const path of globSync('**/*', { cwd: join(folder, 'src'), withFileTypes: true, exclude: unpublished })) {
    if (!path.isFile() || path.name.endsWith('.ts')) continue
    const from = join(path.parentPath, path.name)
    const to = join(dist, from.slice(join(folder, 'src').length))
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(from, to)
  }
  await bundled(name, dist)
  for (const command of Object.values(bin ?? {})) chmodSync(join(folder, command), 0o755)
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  if (!existsSync(join(folder, 'README.md'))) console.warn(`${name} has no README.md to publish`)
}

/** What every start of the command loads. In browsers modules are better: bundlers leave out those that are not used. */
async function bundled(name: string, dist: string): Promise<void> {
  if (name === '@comity/http' || name === '@comity/client') await bundle(dist, { node: 'index' })
  if (name === 'comity') removeModules(dist, await bundle(dist, { bin: 'bin', index: 'index' }))
}

function compile(name: string, folder: string): void {
  const config = join(root, 'node_modules', '.cache', 'comity-build', `${name.replace('/', '-')}.json`)
  mkdirSync(dirname(config), { recursive: true })
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      noEmitOnError: true,
      declaration: true,
      rootDir: join(folder, 'src'),
      outDir: join(folder, 'dist'),
      // The other packages are seen as their users see them: by the declarations built before.
      customConditions: [],
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [join(folder, 'src')],
    exclude: unpublished.map(pattern => join(folder, 'src', pattern)),
  }
  writeFileSync(config, JSON.stringify(settings))
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', config], { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`${name} does not compile:\n${stdout}`)
}

// tsc rewrites `./x.ts` in what it compiles, and leaves it in what it declares.
function nameJavaScript(path: string): void {
  const declared = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    declared.replace(/((?:from|import|declare module)\s*\(?\s*['"]\.\.?\/[^'"]*)\.ts(['"])/g, '$1.js$2'),
  )
}

/** Dependencies before the packages that need them. */
function inOrder(all: readonly Package[]): readonly Package[] {
  const ordered: Package[] = []
  const place = (each: Package): void => {
    if (ordered.includes(each)) return
    for (const other of all) if (each.dependencies?.[other.name] !== undefined) place(other)
    ordered.push(each)
  }
  all.forEach(place)
  return ordered
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
