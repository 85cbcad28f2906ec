// What `comity serve` says of a mock.
import { styleText } from 'node:util'
import type { Kept } from '../../banner.ts'

/** Notes that are shown; of more than these, how many there are. */
const mostNotes = 10

/** The lines to print; styled where standard output is a terminal. `url` has no slash at its end. */
export function mockBanner(title: string, url: string, { kept: [label, where], notes = [], paths = [] }: Kept): string {
  const strong = (text: string) => styleText('bold', text)
  const [path = '/'] = paths
  return [
    `${strong(title)} is mocked at ${strong(url)}`,
    '',
    `  Document  ${url}/openapi.json`,
    `  ${label.padEnd(8)}  ${where}`,
    '',
    ...(notes.length > 0 ? ['Noted:', ...notes.slice(0, mostNotes).map(note => `  ${note}`)] : []),
    ...(notes.length > mostNotes ? [`  … and ${notes.length - mostNotes} more of the kind.`] : []),
    ...(notes.length > 0 ? [''] : []),
    'Worth trying:',
    ...paths.map((each, at) => `  curl ${at === 0 ? '-i ' : ''}'${url}${each}'`),
    `  curl -i -H 'Prefer: code=503' '${url}${path}'`,
    `  curl -H 'Prefer: dynamic=true' '${url}${path}'`,
    '',
    styleText('dim', 'Ctrl-C stops it; requests under way are finished first.'),
    '',
  ].join('\n')
}
