// HTML as a value: what is put into a template is escaped, unless it is HTML already.

/** Markup that needs no escaping any more. */
export type Html = { readonly html: string }

type Piece = Html | string | number | undefined | false | readonly Piece[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in content and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, character => escapes[character] ?? '')

/** A tagged template: `html\`<p>${text}</p>\``. Lists are joined; undefined and false leave nothing. */
export function html(template: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let text = template[0] ?? ''
  for (const [index, piece] of pieces.entries()) text += written(piece) + (template[index + 1] ?? '')
  return { html: text }
}

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'string') return escapeHtml(piece)
  if (typeof piece === 'number') return String(piece)
  return 'html' in piece ? piece.html : piece.map(written).join('')
}

/** A line of text in which `code` between backticks and **strong** between asterisks are marked. */
export function phrase(text: string): Html {
  const pieces = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map(piece => {
    if (piece.startsWith('`') && piece.length > 2) return html`<code>${piece.slice(1, -1)}</code>`
    if (piece.startsWith('**') && piece.length > 4) return html`<strong>${piece.slice(2, -2)}</strong>`
    return piece
  })
  return html`${pieces}`
}
