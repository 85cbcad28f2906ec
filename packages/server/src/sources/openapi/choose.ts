// Which answer of an operation is given. `Prefer: code=404`, `Prefer: example=name`, `Prefer: dynamic=true`.
import type { DeclaredResponse, Operation } from './operation.ts'

export type Chosen =
  | { readonly kind: 'declared'; readonly status: number; readonly response: DeclaredResponse }
  /** The document says nothing of such an answer. */
  | { readonly kind: 'undeclared'; readonly status: number }

/** @param code as it was asked for; undefined: the usual one, which is the first success */
export function chooseResponse({ responses }: Operation, code: number | undefined): Chosen {
  if (code !== undefined) {
    const response =
      responses.find(one => one.code === String(code)) ??
      responses.find(one => one.code.toUpperCase() === `${Math.trunc(code / 100)}XX`) ??
      responses.find(one => one.code === 'default')
    return response ? { kind: 'declared', status: code, response } : { kind: 'undeclared', status: code }
  }
  const inOrder = [...responses].sort((one, other) => rank(one.code) - rank(other.code))
  const [response] = inOrder
  if (response === undefined) return { kind: 'undeclared', status: 204 }
  return { kind: 'declared', status: statusOf(response.code), response }
}

/** Successes first, exact ones before ranges; then what is for anything, redirections, refusals. */
function rank(code: string): number {
  if (code === 'default') return 350
  const number = statusOf(code) + (/x/i.test(code) ? 99 : 0)
  return number < 200 ? number + 1000 : number < 300 ? number : number + 100
}

function statusOf(code: string): number {
  return code === 'default' ? 200 : Number(code.toUpperCase().replace('XX', '00'))
}
