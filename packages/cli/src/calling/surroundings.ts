// Credentials by a word, with this process around them: its terminal, its browser, its files.
import { join } from 'node:path'
import type { AuthScheme } from '@comity/client'
import { openBrowser } from '../browser.ts'
import { askerOn } from '../terminal/ask.ts'
import type { Io } from '../terminal/io.ts'
import { type SecretRule, schemeOf } from './credentials.ts'
import { stateFolder } from './places.ts'

/** `tokens`: where those of OAuth 2 are kept; with those of no session unless given. */
export function schemeFrom(word: string, io: Io, tokens: string | undefined, rule: SecretRule): Promise<AuthScheme> {
  const around = {
    ask: askerOn(io),
    show: (sentence: string, address: string) => {
      io.stderr.write(`${sentence}\n`)
      if (io.stderr.isTTY === true) openBrowser(address, () => {})
    },
    tokens: tokens ?? join(stateFolder(io.env), 'tokens.json'),
  }
  return schemeOf(word, around, rule)
}
