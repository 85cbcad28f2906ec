// The way of each request through the gates, for people.
import { styleText } from 'node:util'
import type { Trace } from '@comity/server'

// What callers send may hold what a terminal acts on.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const safe = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')

/** Two lines or three: what was asked and answered, the gates passed, and the one that answered. */
export function traceLines({ method, url, status, steps }: Trace): string {
  const passed = steps.filter(({ outcome }) => outcome === 'passed').map(({ gate }) => gate)
  const answering = steps.find(({ outcome }) => outcome === 'answered')
  const because = answering?.because === undefined ? '' : `: ${answering.because}`
  return [
    `${method} ${url} → ${status}`,
    ...(passed.length > 0 ? [`  passed    ${passed.join(' · ')}`] : []),
    ...(answering ? [`  answered  ${answering.gate} (${answering.section})${because}`] : []),
  ]
    .map((line, at) => styleText(at === 0 ? 'bold' : 'dim', safe(line), { stream: process.stderr }))
    .join('\n')
}
