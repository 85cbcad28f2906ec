// The way of a request through the gates, for programs and for people: what each gate asked, and which one answered.
import { statuses } from '@comity/http'
import type { Answer } from '../exchange/answer.ts'
import { digestAnswer } from '../exchange/digest-answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { gatesOfTheRepresentation, gatesOfTheRequest, gatesOfTheState } from '../exchange/gates.ts'
import type { KeptTrace } from '../exchange/traces.ts'
import { html } from './html.ts'
import { type PageBase, page, pagePolicy } from './layout.ts'

/** One gate on the way of a request. `not-asked`: another had answered, or it had nothing to ask. */
type Passage = {
  readonly gate: string
  readonly section: string
  readonly outcome: 'passed' | 'answered' | 'not-asked'
  readonly because?: string
}

const everyGate = [...gatesOfTheRequest, ...gatesOfTheState, ...gatesOfTheRepresentation]

const mostListed = 100

/** What `/traces` and `/traces/{id}` answer. Nobody keeps them. */
export function traceAnswer(x: Exchange, which: 'traces' | 'trace', name: string, base: PageBase): Answer {
  const { traces } = x.runtime
  const found = which === 'trace' ? traces?.find(name) : undefined
  const latest = found ? [] : (traces?.latest(x.callerName, mostListed) ?? [])
  const isHtml = x.page?.kind === 'html'
  const text = found
    ? isHtml
      ? tracePage(found, base)
      : json(documentOf(found))
    : isHtml
      ? tracesPage(latest, base)
      : json(latest.map(trace => summaryOf(trace, base)))
  return digestAnswer(x, Buffer.from(text), {
    'content-type': isHtml ? 'text/html; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'accept',
    ...(isHtml && { 'content-security-policy': pagePolicy }),
  })
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const summaryOf = ({ id, at, method, url, status }: KeptTrace, { path }: PageBase) => ({
  id,
  at: new Date(at).toISOString(),
  method,
  url,
  status,
  href: `${path}/traces/${id}`,
})

const documentOf = (trace: KeptTrace) => {
  const { id, at, method, url, status } = trace
  return { id, at: new Date(at).toISOString(), method, url, status, gates: passagesOf(trace) }
}

/** Every gate in its order; what stood on the way besides (a key that was used before) follows the last that was passed. */
function passagesOf({ steps }: KeptTrace): readonly Passage[] {
  const passages: Passage[] = everyGate.map(({ name, section }) => {
    const step = steps.findLast(({ gate }) => gate === name)
    return step ?? { gate: name, section, outcome: 'not-asked' }
  })
  for (const step of steps)
    if (!passages.some(({ gate }) => gate === step.gate)) {
      const last = passages.findLastIndex(({ outcome }) => outcome !== 'not-asked')
      passages.splice(last + 1, 0, step)
    }
  return passages
}

const marks = { passed: '✓', answered: '●', 'not-asked': '·' } as const
const spoken = { passed: 'passed', answered: 'answered', 'not-asked': 'not asked' } as const

function tracePage(trace: KeptTrace, base: PageBase): string {
  const { method, url, status, at } = trace
  const reason = statuses.get(status)?.reason ?? ''
  const main = html`
<header class="hero"><p class="eyebrow">${new Date(at).toISOString()}</p><h1>${status} ${reason}</h1>
<p class="lead"><code>${method} ${url}</code></p></header>
<div class="scroll"><table><caption>The way through the gates</caption>
<thead><tr><th scope="col">Gate</th><th scope="col">Outcome</th><th scope="col">What it compared</th><th scope="col">Section</th></tr></thead>
<tbody>${passagesOf(trace).map(
    ({ gate, section, outcome, because }) =>
      html`<tr><th scope="row">${gate}</th><td><span aria-hidden="true">${marks[outcome]}</span> ${spoken[outcome]}</td><td>${because}</td><td>${section}</td></tr>`,
  )}</tbody></table></div>
<p><a href="${base.path}/traces">The latest traces</a></p>`
  return page({ title: `${status} ${method} ${url}`, base, language: 'en', current: undefined, width: 'wide', main })
}

function tracesPage(latest: readonly KeptTrace[], base: PageBase): string {
  const main = html`
<header class="hero"><h1>Traces</h1><p class="lead">How the latest requests were answered, and by which gate. The latest is first.</p></header>
${latest.length === 0 && html`<p>There are none yet.</p>`}
${
  latest.length > 0 &&
  html`<div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">Request</th><th scope="col">Status</th></tr></thead>
<tbody>${latest.map(
    ({ id, at, method, url, status }) =>
      html`<tr><td>${new Date(at).toISOString()}</td><td><a href="${base.path}/traces/${id}"><code>${method} ${url}</code></a></td><td>${status}</td></tr>`,
  )}</tbody></table></div>`
}`
  return page({ title: 'Traces', base, language: 'en', current: undefined, width: 'wide', main })
}
