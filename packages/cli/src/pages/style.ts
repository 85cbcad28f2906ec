// CSS Syntax: the addresses in a style sheet, or in a style attribute.
import { type CSSToken, TokenType, tokenize } from '@csstools/css-tokenizer'

export type StyleUrls = {
  /** As they are written, relative ones too. */
  readonly images: readonly string[]
  /** Other style sheets. */
  readonly imports: readonly string[]
}

const takesUrl = /^(?:url|src)$/i
const takesImages = /^(?:-webkit-)?image-set$/i

/** What is in `@font-face` is a font, and `@namespace` names no file at all. */
export function urlsOfStyle(css: string): StyleUrls {
  const images: string[] = []
  const imports: string[] = []
  if (!/url|import|image-set|src/i.test(css)) return { images, imports }
  let rule = ''
  /** Braces that are open within an `@font-face`. */
  let fontDepth = 0
  const functions: string[] = []
  for (const token of tokenize({ css })) {
    switch (token[0]) {
      case TokenType.AtKeyword:
        rule = token[4].value.toLowerCase()
        break
      case TokenType.Semicolon:
        rule = ''
        break
      case TokenType.OpenCurly:
        if (fontDepth > 0 || rule === 'font-face') fontDepth++
        rule = ''
        break
      case TokenType.CloseCurly:
        if (fontDepth > 0) fontDepth--
        break
      case TokenType.Function:
        functions.push(token[4].value)
        break
      case TokenType.OpenParen:
        functions.push('')
        break
      case TokenType.CloseParen:
        functions.pop()
        break
      default: {
        const url = urlOf(token, functions.at(-1) ?? '', rule)
        if (url === undefined || rule === 'namespace' || fontDepth > 0) break
        if (rule === 'import') {
          imports.push(url)
          // What follows are conditions.
          rule = 'imported'
        } else if (rule !== 'imported') images.push(url)
      }
    }
  }
  return { images, imports }
}

/** Of a token that names something: `url(x)` always, text within `url("…")` and `image-set("…")` or after `@import`. */
function urlOf(token: CSSToken, within: string, rule: string): string | undefined {
  if (token[0] === TokenType.URL) return token[4].value
  if (token[0] !== TokenType.String) return undefined
  return takesUrl.test(within) || takesImages.test(within) || (rule === 'import' && within === '')
    ? token[4].value
    : undefined
}
