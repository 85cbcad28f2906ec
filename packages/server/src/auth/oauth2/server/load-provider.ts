// oidc-provider, loaded without a word. It names the runtimes that were there when it was released, and warns of every later
// one; what it is used for is tested on this one.
import type { ProviderModule } from './provider-types.ts'

const aboutRuntime = /^oidc-provider WARNING: Unsupported runtime\b/

let loaded: Promise<ProviderModule> | undefined

export function loadProvider(): Promise<ProviderModule> {
  loaded ??= load()
  return loaded
}

/** Whatever else is warned of meanwhile is said. */
async function load(): Promise<ProviderModule> {
  const { warn } = console
  const quiet: typeof warn = (...said) => {
    if (!said.some(each => typeof each === 'string' && aboutRuntime.test(withoutColours(each))))
      warn.apply(console, said)
  }
  console.warn = quiet
  try {
    return (await import('oidc-provider')) as unknown as ProviderModule
  } finally {
    if (console.warn === quiet) console.warn = warn
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one
const withoutColours = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '')
