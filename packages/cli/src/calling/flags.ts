// The flags that every command which sends requests has, and how their words are read.
import { type Command, InvalidArgumentError, Option } from 'commander'

/** What `commonFlags` declares; members that were not given are left out. */
export type CommonFlags = {
  /** Ms that one attempt may take until the head of its answer is here. */
  readonly timeout?: number
  /** Ms for everything: attempts, waits, redirections and content. */
  readonly deadline?: number
  /** How often a request that failed is tried again, as far as it is safe to. */
  readonly retry?: number
  readonly session?: string
  readonly auth?: string
  readonly profile?: string
  readonly ca?: string
  readonly insecure?: boolean
  /** Files, PEM: the certificate of this client. */
  readonly cert?: string
  readonly key?: string
  /** A URL. */
  readonly proxy?: string
  /** False: redirections are shown instead of followed. */
  readonly follow?: boolean
  /** Keeps answers from one command to the next, as RFC 9111 allows. */
  readonly cache?: boolean
  readonly verbose?: boolean
  readonly trace?: boolean
  readonly showSecrets?: boolean
}

export function commonFlags(command: Command): Command {
  return command
    .optionsGroup('Sending:')
    .addOption(new Option('--timeout <time>', 'for the head of an answer: 5, 2m, 500ms').argParser(readTime))
    .addOption(new Option('--deadline <time>', 'for everything, retries and content included').argParser(readTime))
    .addOption(new Option('--retry <count>', 'tries after the first, where it is safe').argParser(readCount))
    .option('--auth <scheme>', 'basic:USER:SECRET, bearer:SECRET … (see comity auth)')
    .option('--session <name>', 'keep cookies and credentials for the next time')
    .option('--profile <name>', 'base URL, credentials … from the config file')
    .option('--cache', 'keep answers for the next time, as their servers allow')
    .option('--no-follow', 'show a redirection instead of following it')
    .option('--ca <file>', 'certificates to trust, beside those of Node (PEM)')
    .option('--insecure', 'take any certificate')
    .option('--cert <file>', 'certificate of this client (PEM), with --key')
    .option('--key <file>', 'its private key (PEM)')
    .option('--proxy <url>', 'go through it; https_proxy, http_proxy and no_proxy count too')
    .option('-v, --verbose', 'show requests and answers as on the wire')
    .option('--trace', 'tell why: what was cached, retried, waited for')
    .option('--show-secrets', 'do not hide credentials in what is shown')
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Ms of `5` (seconds), `1.5s`, `500ms`, `2m`, `1h`. */
export function readTime(word: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(word) ?? []
  const ms = Number(number) * (units[unit] ?? 1)
  if (ms > 0 && ms <= 2 ** 31 - 1) return ms
  throw new InvalidArgumentError('A time is a number of seconds, or has a unit: 5, 500ms, 2m, 1h.')
}

/** A whole number from 0 up. */
export function readCount(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word)
  throw new InvalidArgumentError('A whole number is expected.')
}
