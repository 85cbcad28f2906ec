// Opening a page with the opener that the platform has.
import { spawn } from 'node:child_process'

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Opens `url` in the user's browser and does not wait for it. `failed` is called once when there is no opener or it fails. */
export function openBrowser(url: string, failed: () => void): void {
  const [command, ...first] = openers[process.platform] ?? ['xdg-open']
  const opener = spawn(command, [...first, url], { stdio: 'ignore', detached: true })
  opener.once('error', failed)
  opener.once('exit', code => {
    if (code !== 0) failed()
  })
  opener.unref()
}
