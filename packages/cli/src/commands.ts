// The commands, in the order in which the help shows them. A line here is all that a command needs to be there.
import type { Command } from 'commander'
import { declareAccounts } from './commands/accounts/declare.ts'
import { declareAudit } from './commands/audit/declare.ts'
import { declareAuth } from './commands/auth/declare.ts'
import { declareCalls } from './commands/call/declare.ts'
import { declareClients } from './commands/clients/declare.ts'
import { declareCompletion } from './commands/completion/declare.ts'
import { declareConsumers } from './commands/consumers/declare.ts'
import { declareDownload } from './commands/download/declare.ts'
import { declareEject } from './commands/eject/declare.ts'
import { declareExplain } from './commands/explain/declare.ts'
import { declareExport } from './commands/export/declare.ts'
import { declareImages } from './commands/images/declare.ts'
import { declareImport } from './commands/import/declare.ts'
import { declareKeys } from './commands/keys/declare.ts'
import { declareLinks } from './commands/links/declare.ts'
import { declareLint } from './commands/lint/declare.ts'
import { declareMetrics } from './commands/metrics/declare.ts'
import { declareServe } from './commands/serve/declare.ts'
import { declareStatus } from './commands/status/declare.ts'
import { declareTable } from './commands/table/declare.ts'
import type { Io } from './terminal/io.ts'

/**
 * Declares words, flags, help and examples, and loads nothing else: what a command needs is imported by its action,
 * which says by `done` how it ended.
 */
export type Declare = (program: Command, done: (exitCode: number) => void, io: Io) => void

export const commands: readonly Declare[] = [
  // Serving.
  declareServe,
  declareKeys,
  declareAccounts,
  declareClients,
  declareConsumers,
  declareEject,
  // Asking.
  declareCalls,
  // Files and pages.
  declareDownload,
  declareImages,
  declareLinks,
  // Many rows.
  declareTable,
  declareImport,
  declareExport,
  // Looking at a server.
  declareMetrics,
  declareStatus,
  declareExplain,
  declareLint,
  declareAudit,
  // The command itself.
  declareAuth,
  declareCompletion,
]
