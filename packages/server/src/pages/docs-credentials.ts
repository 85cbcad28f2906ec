// How callers say who they are, for people: a guide, and what stands in the lines to try things with.
import type { Operation, SecuritySchemes } from '../openapi/kind.ts'
import type { Guide } from './docs-guides.ts'
import { html, phrase } from './html.ts'

/** Options of curl for a scheme; what is in capitals is the reader's own. */
function optionsFor(scheme: SecuritySchemes[string]): readonly string[] | undefined {
  const { type, in: place, name } = scheme
  const how = String(scheme.scheme ?? '').toLowerCase()
  if (type === 'http' && how === 'basic') return ['-u LOGIN:PASSWORD']
  if (type === 'http' && how === 'digest') return ['--digest', '-u LOGIN:PASSWORD']
  if (type === 'apiKey' && place === 'header') return [`-H '${String(name)}: KEY'`]
  const isToken = (type === 'http' && how === 'bearer') || type === 'oauth2' || type === 'openIdConnect'
  return isToken ? [`-H 'Authorization: Bearer TOKEN'`] : undefined
}

/** By the first of an operation's schemes that curl knows; nothing where nobody needs to say who they are. */
export function credentialOptions({ security = [] }: Operation, schemes: SecuritySchemes): readonly string[] {
  if (security.some(each => Object.keys(each).length === 0)) return []
  for (const each of security)
    for (const name of Object.keys(each)) {
      const scheme = schemes[name]
      const options = scheme && optionsFor(scheme)
      if (options) return options
    }
  return []
}

export function credentialsGuide(schemes: SecuritySchemes): readonly Guide[] {
  const all = Object.entries(schemes)
  if (all.length === 0) return []
  const body = html`<p>Callers say who they are, in one of these ways:</p>
<dl class="parameters">${all.map(([name, scheme]) => {
    const options = optionsFor(scheme)
    return html`<div><dt><code>${name}</code></dt><dd>${phrase(String(scheme.description ?? ''))}${options && html` <code>curl ${options.join(' ')}</code>`}</dd></div>`
  })}</dl>
<p>Whoever does not is answered 401 with a challenge for each. What one may not do at all is 403; an item that one may not see is 404, as one that never was. Credentials that were granted scopes are good for those: <code>accounts:read</code> reads accounts, <code>accounts:write</code> (or <code>:create</code>, <code>:change</code>, <code>:delete</code>) writes them, <code>convert:call</code> calls a service, <code>read</code> and <code>write</code> are of everything.</p>`
  return [{ id: 'credentials', title: 'Credentials', body }]
}
