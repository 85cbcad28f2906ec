#!/usr/bin/env node
// The `comity` command. Nothing is imported before the runtime is known to be able to run it.

const [major = 0] = process.versions.node.split('.').map(Number)

if (major < 24) {
  console.error(`comity needs Node 24 or newer; this is Node ${process.versions.node}.`)
  process.exitCode = 1
} else {
  // Who reads the output may leave (`comity serve api.ts | head`); the server stays.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // What was compiled once is kept in the system's folder for temporary files; a start then takes a third less.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { run } = await import('./index.ts')
  process.exitCode = await run(process.argv.slice(2))
  // Whatever a definition has left open does not keep the command alive.
  setTimeout(() => process.exit(), 500).unref()
}
