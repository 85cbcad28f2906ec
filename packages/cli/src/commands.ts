// The commands, in the order in which the help shows them. A line here is all that a command needs to be there.
import type { Command } from 'commander'
import type { Io } from './terminal/io.ts'

/**
 * Declares words, flags, help and examples, and loads nothing else: what a command needs is imported by its action,
 * which says by `done` how it ended.
 */
export type Declare = (program: Command, done: (exitCode: number) => void, io: Io) => void

export type Entry = {
  readonly names: readonly string[]
  readonly load: () => Promise<Declare>
}

const verbs = ['get', 'head', 'post', 'put', 'patch', 'delete', 'query', 'options']

export const commands: readonly Entry[] = [
  // Serving.
  entry('serve', () => import('./commands/serve/declare.ts').then(({ declareServe }) => declareServe)),
  entry('keys', () => import('./commands/keys/declare.ts').then(({ declareKeys }) => declareKeys)),
  entry('accounts', () => import('./commands/accounts/declare.ts').then(({ declareAccounts }) => declareAccounts)),
  entry('clients', () => import('./commands/clients/declare.ts').then(({ declareClients }) => declareClients)),
  entry('consumers', () => import('./commands/consumers/declare.ts').then(({ declareConsumers }) => declareConsumers)),
  entry('eject', () => import('./commands/eject/declare.ts').then(({ declareEject }) => declareEject)),
  // Asking.
  { names: verbs, load: () => import('./commands/call/declare.ts').then(({ declareCalls }) => declareCalls) },
  // Files and pages.
  entry('download', () => import('./commands/download/declare.ts').then(({ declareDownload }) => declareDownload)),
  entry('images', () => import('./commands/images/declare.ts').then(({ declareImages }) => declareImages)),
  entry('links', () => import('./commands/links/declare.ts').then(({ declareLinks }) => declareLinks)),
  // Many rows.
  entry('table', () => import('./commands/table/declare.ts').then(({ declareTable }) => declareTable)),
  entry('import', () => import('./commands/import/declare.ts').then(({ declareImport }) => declareImport)),
  entry('export', () => import('./commands/export/declare.ts').then(({ declareExport }) => declareExport)),
  // Looking at a server.
  entry('metrics', () => import('./commands/metrics/declare.ts').then(({ declareMetrics }) => declareMetrics)),
  entry('status', () => import('./commands/status/declare.ts').then(({ declareStatus }) => declareStatus)),
  entry('explain', () => import('./commands/explain/declare.ts').then(({ declareExplain }) => declareExplain)),
  entry('lint', () => import('./commands/lint/declare.ts').then(({ declareLint }) => declareLint)),
  entry('audit', () => import('./commands/audit/declare.ts').then(({ declareAudit }) => declareAudit)),
  // The command itself.
  entry('auth', () => import('./commands/auth/declare.ts').then(({ declareAuth }) => declareAuth)),
  entry('completion', () =>
    import('./commands/completion/declare.ts').then(({ declareCompletion }) => declareCompletion),
  ),
]

function entry(name: string, load: Entry['load']): Entry {
  return { names: [name], load }
}

/** What has to be declared for these words: what they name, nothing for the version, and all where it is asked what there is. */
export function needed([first = '']: readonly string[]): readonly Entry[] {
  if (first === '--version' || first === '-V') return []
  const named = commands.filter(({ names }) => names.includes(first))
  return named.length === 0 || first === 'completion' ? commands : named
}
