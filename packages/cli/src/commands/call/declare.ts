// comity get, head, post, put, patch, delete, query, options: their words and flags.
import { type Command, Option } from 'commander'
import { commonFlags, readCount } from '../../calling/flags.ts'
import { examples } from '../../help.ts'
import { formats } from '../../output/formats.ts'
import type { Io } from '../../terminal/io.ts'
import type { CallFlags } from './run.ts'

const verbs: readonly (readonly [name: string, description: string, ...examples: string[]])[] = [
  [
    'get',
    'read a resource',
    'comity get :3000/todos/1',
    'comity get :3000/todos userId==1 --columns id,title',
    "comity get :3000/users --select '$[*].email' --as lines",
    'comity get :3000/todos --all-pages --as csv --out todos.csv',
  ],
  ['head', 'read the fields of a resource', 'comity head :3000/todos/1'],
  [
    'post',
    'create, or act',
    "comity post :3000/todos userId:=1 title='Buy milk' completed:=false",
    'echo \'{"title":"Buy milk"}\' | comity post :3000/todos',
  ],
  ['put', 'replace a resource', 'comity put :3000/todos/1 userId:=1 title=Done completed:=true'],
  ['patch', 'change a part of a resource', 'comity patch :3000/todos/1 completed:=true'],
  ['delete', 'delete a resource', 'comity delete :3000/todos/200'],
  ['query', 'ask with content (RFC 10008)', 'comity query :3000/todos userId:=1 completed:=true'],
  ['options', 'ask what a resource can do', 'comity options :3000/todos'],
]

const summary = 'send a request and show the answer'
const wordsHelp = `
Words:
  name==value   in the query            Header:value  a field; Header: leaves it out
  name=text     a member of the JSON    part@file     a file, as multipart
  name:=json    the same, any JSON      @file         the whole content; @- is stdin
`

export function declareCalls(program: Command, done: (exitCode: number) => void, io: Io): void {
  for (const [name, description, ...lines] of verbs) {
    const command = program
      .command(name)
      .summary(summary)
      .description(`${description[0]?.toUpperCase()}${description.slice(1)}: ${name.toUpperCase()}.`)
      .argument('<url>', 'https://api.example/x, api.example/x, :3000/x, or /x of a --profile')
      .argument('[words...]', 'what goes with it, see below')
    outputFlags(command, name)
    commonFlags(command)
      .addHelpText('after', wordsHelp + examples(...lines))
      .action(async (url: string, words: string[], flags: CallFlags) => {
        const { call } = await import('./run.ts')
        done(await call(name.toUpperCase(), url, words, flags, io))
      })
  }
}

function outputFlags(command: Command, name: string): void {
  command
    .optionsGroup('Output:')
    .addOption(new Option('--as <format>', 'what the content is written as').choices(formats))
    .option('--select <path>', "a part of it, by JSONPath: '$.items[0].id'")
    .option('--columns <names>', 'of a list: id,address.city')
    .option('-o, --out <file>', 'write it there, whole or not at all')
    .option('-i, --include', 'status and fields too, also into a pipe')
    .option('-b, --body', 'the content alone, also on a terminal')
    .option('--offline', 'show what would be sent, and send nothing')
  if (name === 'get')
    command
      .option('--all-pages', 'follow the list to its end, as one')
      .addOption(new Option('--max-items <count>', 'no more than these of all pages').argParser(readCount))
  if (/^(?:post|put|patch|query)$/.test(name))
    command
      .optionsGroup('Content:')
      .option('--form', 'members as a form instead of JSON')
      .option('--no-stdin', 'leave standard input alone')
}
