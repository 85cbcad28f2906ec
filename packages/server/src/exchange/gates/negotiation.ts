// Gates on what the client would like: Prefer (RFC 7240) and Accept (RFC 9110 §12).
import { negotiateMediaType, parsePrefer } from '@comity/http'
import type { Form } from '../../formats/format.ts'
import { formatByName, forms } from '../../formats/registry.ts'
import { pageForm } from '../../pages/resource/form.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { chooseLanguage } from '../language.ts'
import { pageFormats } from '../page-formats.ts'

const known: ReadonlyMap<string, readonly string[]> = new Map([
  ['return', ['minimal', 'representation']],
  ['count', ['exact', 'none']],
  ['handling', ['strict', 'lenient']],
  ['dry-run', ['']],
  ['tx', ['rollback', 'commit']],
  ['respond-async', ['']],
  ['wait', ['seconds']],
])

export function preferencesUnderstood(x: Exchange): Stop | undefined {
  const field = x.field('prefer')
  if (field === undefined) return
  x.preferences = parsePrefer(field)
  // RFC 7240 §2: what is not understood is ignored, unless the client asks to be told.
  if (x.preferences.get('handling')?.value !== 'strict') return
  for (const [name, { value }] of x.preferences)
    if (!known.get(name)?.includes(name === 'wait' && /^\d+$/.test(value) ? 'seconds' : value)) {
      const offers = [...known].map(([preference, values]) => `${preference}=${values.join('|')}`).join(', ')
      return refuse(
        'preference-unsupported',
        `The preference “${value ? `${name}=${value}` : name}” is not understood; ${offers} are.`,
      )
    }
  return
}

const offered = forms.map(({ mediaType }) => mediaType)
const remembered = new Map<string, number>()

/** The same Accept is sent again and again: its choice is remembered, for a bounded number of them. */
function choose(accept: string | undefined): number {
  if (accept === undefined) return 0
  const choice = remembered.get(accept)
  if (choice !== undefined) return choice
  if (remembered.size >= 1_000) remembered.clear()
  const chosen = negotiateMediaType(accept, offered)
  if (accept.length <= 500) remembered.set(accept, chosen)
  return chosen
}

const formOf = (x: Exchange, name: string): Form | undefined => (name === 'html' ? pageForm(x) : formatByName(name))

export function representationChosen(x: Exchange): Stop | undefined {
  if (x.method === 'OPTIONS' || x.method === 'DELETE') return
  const { place, extension } = x.target
  // What is given again is given as it was.
  if (place.kind === 'job-result' || place.kind === 'upload' || place.kind === 'site') return
  // RFC 9110 §12.5.1: a file has one representation, whatever is accepted.
  if (place.kind === 'file' && x.isRead()) return
  // There is one style sheet, whatever is accepted.
  if (place.kind === 'page' && place.page === 'style') return
  chooseLanguage(x)
  if (extension !== undefined) {
    x.format = formOf(x, extension)
    return
  }
  const accept = x.field('accept')
  const offers = place.kind === 'page' ? pageFormats[place.page] : undefined
  const chosen = offers
    ? negotiateMediaType(
        accept,
        offers.map(({ mediaType }) => mediaType),
      )
    : choose(accept)
  if (chosen >= 0) {
    if (offers) x.page = offers[chosen]
    else x.format = formOf(x, forms[chosen]?.name ?? '')
    return
  }
  const types = offers?.map(({ mediaType }) => mediaType) ?? offered
  const alternatives = forms.map(({ name, mediaType }) => ({
    type: mediaType,
    href: `${x.root()}${x.target.path}.${name}`,
  }))
  return refuse('not-acceptable', `None of “${accept}” is available here; ${types.join(', ')} are.`, {
    members: offers ? { available: types.map(type => ({ type })) } : { available: alternatives },
  })
}
