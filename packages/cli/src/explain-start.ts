// Why a server could not start, in one sentence and with the cure.

/** What is wrong with the address of a database; undefined when nothing is. Never repeats an address that may hold a password. */
export function whyNoDatabase(database: string): string | undefined {
  if (/^sqlite:(?!\/\/).+/.test(database)) return undefined
  const cure = 'Write sqlite:PATH for a file, or sqlite::memory: for a database that is gone when the server stops.'
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(database)?.[0]
  if (scheme !== undefined && scheme !== 'sqlite') return `Databases of the kind "${scheme}" cannot be served. ${cure}`
  return `The database's address cannot be read. ${cure}`
}

type Wishes = { readonly port: number; readonly host: string; readonly database: string }

/** What `serve` threw, for a person. */
export function explainStart(error: unknown, wishes: Wishes): string {
  for (const each of causesOf(error)) {
    const sentence = explainSocket(each, wishes) ?? explainDatabase(each, wishes)
    if (sentence !== undefined) return sentence
  }
  return `The server could not start: ${error instanceof Error ? error.message : String(error)}`
}

function explainSocket(error: Error, { port, host }: Wishes): string | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what uses it, or choose another with --port (0 takes any that is free).`
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose one from 1024 up with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine. Choose one with --host (127.0.0.1, or 0.0.0.0 for all).`
    default:
      return undefined
  }
}

function explainDatabase(error: Error, { database }: Wishes): string | undefined {
  const path = database.replace(/^sqlite:/, '')
  if (error.name === 'DestructiveChangeError' && 'sql' in error && Array.isArray(error.sql)) {
    const statements = (error.sql as readonly string[]).filter(statement => !error.message.includes(statement))
    return [error.message, ...statements.map(statement => `  ${statement}`)].join('\n')
  }
  if (error.name === 'BusyError')
    return `The database ${path} is held by another process. Stop it, or name another file.`
  // The primary result codes of SQLite, https://www.sqlite.org/rescode.html
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
  switch (code) {
    case 5:
    case 6:
      return `The database ${path} is held by another process. Stop it, or name another file.`
    case 8:
      return `The database ${path} may only be read by this user. Make it and its folder writable, or name another.`
    case 11:
      return `The database ${path} is damaged. Restore it from a copy, or name another file.`
    case 13:
      return `There is no room left to write the database ${path}.`
    case 14:
      return `The database ${path} cannot be opened. Its folder has to exist and to be writable by this user.`
    case 26:
      return `${path} is a file, but not an SQLite database. Name another with --database sqlite:PATH.`
    default:
      return undefined
  }
}

function* causesOf(error: unknown): Generator<Error> {
  for (let each = error, depth = 0; each instanceof Error && depth < 8; each = each.cause, depth++) yield each
}
