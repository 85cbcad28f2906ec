// Another program on the same SQLite file: a process of its own that knows nothing of Comity and runs what it is told.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const program = `
const { DatabaseSync } = require('node:sqlite')
const db = new DatabaseSync(process.argv[1], { timeout: 5000 })
db.exec('PRAGMA foreign_keys = ON')
require('node:readline').createInterface(process.stdin).on('line', line => {
  try {
    const rows = /^\\s*(select|pragma)/i.test(JSON.parse(line)) ? db.prepare(JSON.parse(line)).all() : db.exec(JSON.parse(line))
    console.log(JSON.stringify({ rows }, (_, value) => typeof value === 'bigint' ? String(value) : value))
  } catch (error) { console.log(JSON.stringify({ error: error.message })) }
}).on('close', () => db.close())
`

export type OtherProgram = {
  /** Runs a statement, and resolves once it is committed. */
  // biome-ignore lint/suspicious/noExplicitAny: rows are what the test asked for
  readonly run: (sql: string) => Promise<any[]>
  readonly close: () => Promise<void>
}

export function otherProgram(path: string): OtherProgram {
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async run(sql) {
      child.stdin.write(`${JSON.stringify(sql)}\n`)
      const { rows, error } = JSON.parse(String((await lines.next()).value))
      if (error !== undefined) throw new Error(error)
      return rows ?? []
    },
    close: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.stdin.end()
      }),
  }
}
