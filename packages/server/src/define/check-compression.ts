// Faults of what a definition says of compression.
import { compressingCodings } from '@comity/http'
import { levelsOf } from '../model/compression.ts'
import type { CompressionDefinition } from './compression.ts'
import type { Fault } from './definition-error.ts'

export function checkCompression(definition: CompressionDefinition | 'off' | undefined): readonly Fault[] {
  if (definition === undefined || definition === 'off') return []
  if (typeof definition !== 'object' || definition === null)
    return [{ place: 'compression', problem: 'is “off”, or an object' }]
  const faults: Fault[] = []
  const say = (where: string, problem: string) => faults.push({ place: `compression.${where}`, problem })
  const { threshold = 0, prefer = 'cpu', levels = {}, codings = [] } = definition
  if (!(Number.isInteger(threshold) && threshold >= 0)) say('threshold', 'is a whole number of bytes')
  if (prefer !== 'cpu' && prefer !== 'traffic') say('prefer', `“${prefer}” is neither cpu nor traffic`)
  const known: readonly string[] = compressingCodings
  for (const coding of codings)
    if (!known.includes(coding)) say('codings', `“${coding}” is not one of ${known.join(', ')}`)
  for (const [coding, level] of Object.entries(levels)) {
    const [least, most] = levelsOf[coding as keyof typeof levelsOf] ?? []
    if (least === undefined || most === undefined) say('levels', `“${coding}” is not one of ${known.join(', ')}`)
    else if (!(Number.isInteger(level) && level >= least && level <= most))
      say(`levels.${coding}`, `is a whole number from ${least} to ${most}`)
  }
  return faults
}
