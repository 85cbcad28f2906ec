// The rules on one document.
import { readApi } from './api.ts'
import type { Finding, Level, Rule } from './rule.ts'
import { rules } from './rules.ts'

export type Found = Finding & { readonly rule: Rule }

/** As many findings of one rule as are told. */
const mostOfRule = 100

/** What the rules find in an OpenAPI document, rule by rule. `without`: ids of rules that are not asked. */
export function lint(
  document: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string> = new Set(),
): readonly Found[] {
  const api = readApi(document)
  const found: Found[] = []
  for (const rule of rules) {
    if (without.has(rule.id)) continue
    let told = 0
    for (const finding of rule.check(api)) {
      if (told++ === mostOfRule) break
      found.push({ ...finding, rule })
    }
  }
  return found
}

const weights: Readonly<Record<Level, number>> = { note: 0, warning: 1, error: 2 }

/** Whether one finding is at least as grave as `level`. */
export const reaches = (found: readonly Found[], level: Level): boolean =>
  found.some(({ rule }) => weights[rule.level] >= weights[level])
