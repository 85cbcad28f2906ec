// comity lint: its words and flags.
import { type Command, Option } from 'commander'
import { commonFlags } from '../../calling/flags.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { LintFlags } from './run.ts'

export function declareLint(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('lint')
    .summary('check the design of an API by rules')
    .description(
      'Checks the design of an API: of an OpenAPI document (3.0 to 3.2; JSON or YAML; a file or a URL), or of anything that ' +
        '`comity serve` serves. Exits with 1 where a finding is as grave as --fail-on.',
    )
    .argument('[source]', 'an OpenAPI document, a URL of one, a definition, or another source of comity serve')
    .addOption(new Option('--as <form>', 'how findings are told').choices(['text', 'json', 'sarif']).default('text'))
    .addOption(
      new Option('--fail-on <level>', 'the least grave finding that makes it fail')
        .choices(['note', 'warning', 'error', 'never'])
        .default('warning'),
    )
    .option('--ignore <rule...>', 'rules that are not asked')
    .option('--rules', 'print every rule with its reason and its fix')
  commonFlags(command)
    .addHelpText(
      'after',
      examples(
        'comity lint examples/bank/api.ts',
        'comity lint openapi.yaml --ignore ids/no-counting --as sarif > lint.sarif',
        'comity lint --rules',
      ),
    )
    .action(async (source: string | undefined, flags: LintFlags) => {
      const { lintCommand } = await import('./run.ts')
      done(await lintCommand(source, flags, io))
    })
}
