// What an operator does to a server that runs.
import type { Block, Blocks } from './blocked.ts'
import type { Mode } from './mode.ts'

export type Operation = {
  readonly mode: () => Mode
  /** Takes the service out of use, or its writes; from now on, until it is told otherwise. */
  readonly setMode: (mode: Mode) => void
  /** Answers 451 for a path and all below it, now and after a restart. RFC 7725. */
  readonly block: (block: Block) => Promise<void>
  /** Says whether it was blocked. */
  readonly unblock: (path: string) => Promise<boolean>
  readonly blocked: () => readonly Block[]
}

export type OperationAtWork = Operation & {
  /** Called once by the server that it is given to. */
  readonly attach: (blocks: Blocks) => void
}

/** A desk for the operator of `comity(api, { operation })`. What `serve` returns is one already. */
export function operation(mode: Mode = { kind: 'normal' }): Operation {
  let current = mode
  let blocks: Blocks | undefined
  const open = (): Blocks => {
    if (blocks === undefined) throw new TypeError('the server is not ready yet')
    return blocks
  }
  const desk: OperationAtWork = {
    mode: () => current,
    setMode(next) {
      current = next
    },
    block: async block => open().add(block),
    unblock: async path => open().remove(path),
    blocked: () => open().list(),
    attach(opened) {
      blocks = opened
    },
  }
  return desk
}
