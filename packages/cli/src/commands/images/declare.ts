// comity images: its words and flags.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { crawlerFlags } from '../../calling/crawler-flags.ts'
import { readFrom } from '../../calling/numbers.ts'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'
import type { ImagesFlags } from './run.ts'

export function declareImages(program: Command, done: (exitCode: number) => void, io: Io): void {
  const command = program
    .command('images')
    .summary('save the images of a page')
    .description(
      'Save every image of a page: img, srcset, picture, icons, previews, url() of styles and style sheets. ' +
        'robots.txt is obeyed. Names are made safe and unique, and nothing that is there is replaced.',
    )
    .argument('<page>', 'the URL of the page')
    .option('-o, --out <folder>', 'where they go', 'images')
    .addOption(new Option('--sizes <which>', 'of an image in several sizes').choices(['all', 'largest']).default('all'))
    .option('--list', 'print their URLs, and fetch none')
    .addOption(new Option('--most <count>', 'no more images than these').argParser(readFrom(1, 100_000)).default(1000))
    .addOption(
      new Option('--max-size <bytes>', 'no image larger than this: 500k, 20M')
        .argParser(readSize)
        .default(100e6, '100M'),
    )
  crawlerFlags(command)
    .addHelpText('after', examples('comity images :8080/ --out harbour', 'comity images :8080/ --list'))
    .action(async (word: string, flags: ImagesFlags) => {
      const { imagesCommand } = await import('./run.ts')
      done(await imagesCommand(word, flags, io))
    })
}

const units: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 }

function readSize(word: string): number {
  const [, number, unit = ''] = /^(\d{1,12})([kMG]?)$/.exec(word) ?? []
  if (number !== undefined) return Number(number) * (units[unit] ?? 1)
  throw new InvalidArgumentError('A size is a number of bytes: 300, 500k, 20M, 1G.')
}
