// A source that is no definition: what it is served as, or in words why it cannot be.
import type { Api, Source } from '@comity/server'

export type LoadedSource =
  | { readonly kind: 'api'; readonly api: Api; readonly source: Source }
  | { readonly kind: 'fault'; readonly message: string }

export async function loadSource(word: string): Promise<LoadedSource> {
  const { openSource, SourceError } = await import('@comity/server')
  try {
    const source = await openSource(word)
    return { kind: 'api', api: source.api, source }
  } catch (error) {
    if (error instanceof SourceError) return { kind: 'fault', message: `${error.message} ${error.cure}` }
    throw error
  }
}
