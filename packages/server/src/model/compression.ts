// What the definition says of compression, with its defaults.
import type { Compressing, CompressionDefinition } from '../define/compression.ts'

export type Compression = {
  /** Smallest body that is compressed, in bytes. */
  readonly threshold: number
  /** Offered, the most liked first; none where nothing is compressed. */
  readonly codings: readonly Compressing[]
  readonly levels: Readonly<Record<Compressing, number>>
}

type Preset = Pick<Compression, 'codings' | 'levels'>

/** For answers made on the way: past these levels the time grows faster than the saving. Measured, see bench/README.md. */
const presets: Readonly<Record<'cpu' | 'traffic', Preset>> = {
  cpu: { codings: ['zstd', 'br', 'gzip', 'deflate'], levels: { zstd: 3, br: 4, gzip: 6, deflate: 6 } },
  traffic: { codings: ['br', 'zstd', 'gzip', 'deflate'], levels: { zstd: 12, br: 6, gzip: 9, deflate: 9 } },
}

/** The levels each coding has. */
export const levelsOf: Readonly<Record<Compressing, readonly [least: number, most: number]>> = {
  gzip: [1, 9],
  deflate: [1, 9],
  br: [0, 11],
  zstd: [1, 22],
}

export function compressionOf(definition: CompressionDefinition | 'off' = {}): Compression {
  if (definition === 'off') return { threshold: Number.POSITIVE_INFINITY, codings: [], levels: presets.cpu.levels }
  const preset = presets[definition.prefer ?? 'cpu']
  return {
    threshold: definition.threshold ?? 1_024,
    codings: [...new Set(definition.codings ?? preset.codings)],
    levels: { ...preset.levels, ...definition.levels },
  }
}
