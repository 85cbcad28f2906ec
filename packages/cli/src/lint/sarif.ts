// SARIF 2.1.0: findings as editors and code hosts read them.
import type { Found } from './lint.ts'
import { rules } from './rules.ts'

/** Where a finding stands in the file; both count from 1. Undefined where it is in no file. */
export type Place = { readonly line: number; readonly column: number }

/** `uri` of the file that was read; `placeOf` tells where in it a pointer is. */
export function sarifOf(
  found: readonly Found[],
  uri: string,
  version: string,
  placeOf: (pointer: string) => Place | undefined,
): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'comity lint',
            version,
            rules: rules.map(({ id, level, title, reason, fix }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: reason },
              help: { text: fix },
              defaultConfiguration: { level },
            })),
          },
        },
        results: found.map(({ rule, pointer, message }): Readonly<Record<string, unknown>> => {
          const place = placeOf(pointer)
          const region = place && { startLine: place.line, startColumn: place.column }
          return {
            ruleId: rule.id,
            ruleIndex: rules.indexOf(rule),
            level: rule.level,
            message: { text: `${message} ${rule.fix}` },
            locations: [
              {
                physicalLocation: { artifactLocation: { uri }, ...(region && { region }) },
                logicalLocations: [{ fullyQualifiedName: pointer }],
              },
            ],
          }
        }),
      },
    ],
  }
}
