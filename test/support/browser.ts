// A real Chromium, where there is one: for the tests of what runs in browsers.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env.COMITY_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Where the browser is; undefined where none is found, and tests that need it are skipped. COMITY_CHROMIUM says. */
export const browserPath: string | undefined = places.find(place => place !== undefined && existsSync(place))

/** Starts it without a window, with a profile of its own that goes with it. */
export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('there is no browser; COMITY_CHROMIUM can say where one is')
  return chromium.launch({
    executablePath: browserPath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
