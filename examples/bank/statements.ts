// Statements: for every account, a text of what moved its balance. Long work, done account by account.
import { collection, date, decimal, integer, optional, service, text } from '@comity/server'

export const statements = collection({
  description: 'Texts for the holder of the account, each made by a run of statements.',
  fields: {
    date: date({ description: 'The day it was made.', example: '2014-12-31' }),
    balance: decimal({ description: 'Of the account, when it was made.', example: '1204.00' }),
    content: text({ max: 200_000, description: 'Plain text, one line for each transaction.' }),
  },
  methods: ['GET'],
})

const row = (...cells: readonly [string, string, string]) =>
  `${cells[0].padEnd(10)}  ${cells[1].padStart(16)}  ${cells[2]}`.trimEnd()

type Entry = { readonly type: string; readonly date: string; readonly amount: { toFixed(scale: number): string } } & {
  readonly description: string | null
}

export const runStatements = service({
  description: 'Makes a statement for every account, in the background; they are then found below each account.',
  duration: 'long',
  afterRestart: 'resume',
  input: {
    dateFrom: optional(date({ description: 'The first day told of; the first there is when not given.' })),
    dateTo: optional(date({ description: 'The last day told of; the last there is when not given.' })),
  },
  output: { statements: integer({ description: 'How many were made.', example: 50 }) },
  async handle({ dateFrom, dateTo }, { tx: now, write, progress, checkpoint, resumed }) {
    const accounts = await now.accounts.find()
    let { last, made } = (resumed ?? { last: '', made: 0 }) as { last: string; made: number }
    for (const [index, { id }] of accounts.entries()) {
      if (id <= last) continue
      // The statement commits with the note that this account is done: a restart makes no second one.
      await write(async tx => {
        const account = await tx.accounts.get(id)
        if (account) {
          const entries: readonly Entry[] = await tx['accounts.transactions'].find({}, id)
          const told = entries
            .filter(entry => !(dateFrom && entry.date < dateFrom) && !(dateTo && entry.date > dateTo))
            .sort((one, other) => one.date.localeCompare(other.date))
          const lines = told.map(entry =>
            row(entry.date, `${entry.type === 'debit' ? '-' : ''}${entry.amount.toFixed(2)}`, entry.description ?? ''),
          )
          const balance = account.balance.toFixed(2)
          const content = [`${account.name} (${account.currency})`, '', ...lines, '', row('Balance', balance, '')]
          const today = new Date().toISOString().slice(0, 10)
          await tx['accounts.statements'].add({ date: today, balance, content: content.join('\n') }, id)
          made++
        }
        last = id
        progress(index + 1, accounts.length)
        await checkpoint({ last, made })
      })
    }
    return { statements: made }
  },
})
