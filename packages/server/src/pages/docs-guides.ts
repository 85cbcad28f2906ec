// What holds for every resource, told once.
import type { ApiModel } from '../model/model.ts'
import { operators } from '../model/model.ts'
import { operatorMeanings } from '../openapi/filters.ts'
import { anyRequest } from '../openapi/refusals.ts'
import { type Html, html, phrase } from './html.ts'
import type { PageBase } from './layout.ts'

export type Guide = { readonly id: string; readonly title: string; readonly body: Html }

export function guidesOf(model: ApiModel, base: PageBase): readonly Guide[] {
  const collection = model.collections[0]
  const list = `${base.url}/${collection?.name ?? model.services[0]?.name ?? ''}`
  return [
    formatsGuide(list),
    ...(collection
      ? [
          queryGuide(
            list,
            collection.fields.map(({ name }) => name),
          ),
        ]
      : []),
    preconditionsGuide(list),
    preferencesGuide(),
    jobsGuide(base),
    versionsGuide(model, base),
    problemsGuide(model, base),
  ]
}

const example = (text: string): Html => html`<pre tabindex="0"><code>${text}</code></pre>`

const rows = (pairs: readonly (readonly [term: Html, meaning: string])[]): Html =>
  html`<dl class="parameters">${pairs.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${phrase(meaning)}</dd></div>`)}</dl>`

const code = (text: string): Html => html`<code>${text}</code>`

const formatsGuide = (list: string): Guide => ({
  id: 'formats',
  title: 'Formats',
  body: html`
<p>Every resource speaks JSON, XML, CSV, NDJSON and CBOR, in both directions. Say what you would like in <code>Accept</code>, or add an extension to the path, which wins. What you send is read by its <code>Content-Type</code>. Browsers, and whoever asks for <code>.html</code>, get a page for people.</p>
${example(`curl ${list}.csv\ncurl -H 'Accept: application/xml' ${list}`)}
<p>Lists are bare arrays. Decimals are strings, so that no digit is lost; instants are RFC 3339 in UTC; a member without a value is <code>null</code>. If nothing you accept can be made, the answer is 406 and lists what can.</p>
<p>Several items may be sent at once: an array of JSON or CBOR, the list element of XML, rows of CSV, lines of NDJSON. All are written or none is. CSV and NDJSON sent by POST to a list are always read as a list, and may be of a million rows: they are read as they are written, and a fault names its line.</p>
${example(`curl ${list} -H 'Content-Type: text/csv' --data-binary @rows.csv\ncurl ${list} -H 'Content-Type: application/x-ndjson' -H 'Prefer: handling=lenient' --data-binary @rows.ndjson`)}`,
})

const queryGuide = (list: string, names: readonly string[]): Guide => ({
  id: 'query-words',
  title: 'Query words',
  body: html`
${rows([
  [code('fields=id,name'), 'Only these members.'],
  [code('sort=-date,amount'), 'By these members; `-` is descending.'],
  [code('limit=50'), 'How many items; `limit=all` streams the whole list where that is allowed.'],
  [code('offset=100'), 'Skip so many. The `next` link does not need it and stays fast on page 10,000.'],
  [
    html`<code>after</code>, <code>before</code>`,
    'Cursors. Follow the links of rel `next` and `prev` instead of making them.',
  ],
  [
    code('member=value'),
    'Filter: the member is this. `member=one,other` is any of both; a comma inside a value is `\\,`.',
  ],
  ...operators.map(operator => [code(`member.${operator}=…`), `The member ${operatorMeanings[operator]}.`] as const),
])}
<p>An unknown or ill-typed word is 400, and the answer names the nearest known one. Pages are linked in the <code>Link</code> field: <code>first</code>, <code>prev</code>, <code>next</code>, and <code>last</code> where the total is known.</p>
${example(`curl -i '${list}?fields=${names.slice(0, 3).join(',')}&sort=-id&limit=5'`)}
<p>A question too long for a URL, or too private for one, goes as the content of a <span class="method method-query">QUERY</span> request, which is as safe to repeat as GET:</p>
${example(`curl -X QUERY ${list} -H 'Content-Type: application/json' \\\n  -d '{"fields":${JSON.stringify(names.slice(0, 3))},"sort":["-id"],"limit":5}'`)}`,
})

const preconditionsGuide = (list: string): Guide => ({
  id: 'preconditions',
  title: 'Preconditions',
  body: html`
<p>Items and lists carry an <code>ETag</code> and <code>Last-Modified</code>. Send them back, and you neither fetch what you have nor overwrite what you have not seen.</p>
${rows([
  [
    code('If-None-Match'),
    'On GET, HEAD and QUERY: 304 without a body if nothing changed. `If-None-Match: *` on PUT: create, but never replace.',
  ],
  [
    code('If-Match'),
    'Write only if the state is the one you saw; otherwise 412 and nothing is written. The ETag of any format or selection of members of that state will do.',
  ],
  [
    html`<code>If-Modified-Since</code>, <code>If-Unmodified-Since</code>`,
    'The same by time, to the second. ETags are sharper, and win where both are sent.',
  ],
])}
${example(`curl -i ${list} -H 'If-None-Match: "4q-json"'`)}
<p>Deleting all of a collection always needs <code>If-Match</code> with the ETag of its list.</p>`,
})

const preferencesGuide = (): Guide => ({
  id: 'preferences',
  title: 'Preferences',
  body: html`<p>The <code>Prefer</code> field (RFC 7240) asks; <code>Preference-Applied</code> tells what was done.</p>
${rows([
  [code('return=minimal'), 'No body in the answer to a write.'],
  [code('return=representation'), 'What was written, as it is now. The usual.'],
  [code('count=exact'), 'The total of a list in `X-Total-Count`, and a `last` link.'],
  [code('respond-async'), 'A write or a call is done later: the answer is 202 and the address of a job.'],
  [code('wait=10'), 'The answer may take so many seconds (60 at most), if it is then the result and not the job.'],
  [code('handling=strict'), 'Preferences that are not understood are refused with 400, not ignored.'],
])}`,
})

const jobsGuide = (base: PageBase): Guide => ({
  id: 'jobs',
  title: 'Jobs',
  body: html`
<p>Any write and any call of a service by POST can be done later, with <code>Prefer: respond-async</code>; long work always is. The answer is 202, and its <code>Location</code> is that of a job: its state, its progress, and links.</p>
${example(`curl -i ${base.url}/jobs/{id}   # 200 while it is queued or runs, with Retry-After; 303 when it has ended\ncurl -i ${base.url}/jobs/{id}/result\ncurl -X DELETE ${base.url}/jobs/{id}   # cancels it; once it has ended, forgets it`)}
<p>The result is what the request would have been answered: status, fields and body; a problem where it failed. A job that is cancelled has none. What is accepted survives a restart of the server, and is done once. <code>GET ${base.path}/jobs</code> lists the newest.</p>`,
})

function versionsGuide({ version }: ApiModel, base: PageBase): Guide {
  const major = version.split('.')[0] ?? '1'
  return {
    id: 'versions',
    title: 'Versions',
    body: html`<p>This is version ${version}; the <a href="${base.path}/changelog">changelog</a> tells of the others. A path may name its major: <code>${base.path}/v${major}/…</code>; else the <code>API-Version: ${major}</code> field does, else <code>?v=${major}</code>. Without any of these the newest version answers. Every answer says its version in <code>API-Version</code>; those of a deprecated one carry <code>Deprecation</code>, <code>Sunset</code> and a <code>Link</code> with <code>rel="successor-version"</code>.</p>`,
  }
}

function problemsGuide(model: ApiModel, base: PageBase): Guide {
  const kinds = anyRequest.flatMap(name => model.problems.get(name) ?? [])
  return {
    id: 'problems',
    title: 'Problems',
    body: html`
<p>Whatever is refused is explained in a problem document (RFC 9457), as JSON or XML, or as a page to a browser: <code>type</code> is the address of a page about it, <code>code</code> is for programs, <code>detail</code> for you, <code>userMessage</code> for the user of your app in the language of <code>Accept-Language</code> (English, Russian, Vietnamese), <code>errors</code> names each fault by its JSON Pointer or parameter. <a href="${base.path}/problems">All problems</a> are listed on a page of their own.</p>
<p>A client that cannot see statuses may add <code>always_success_code=true</code>: problems then come with 200.</p>
<h3 id="guide:any-request">Any request</h3>
<p>may be answered with one of these, besides those that stand beside its operation:</p>
<ul class="statuses">${kinds.map(({ code: name, status }) => html`<li class="status-${Math.floor(status / 100)}"><span class="code">${status}</span> <a href="${base.path}/problems/${name}">${name}</a></li>`)}
<li class="status-4"><span class="code">405</span> <a href="${base.path}/problems/method-not-allowed">method-not-allowed</a></li>
<li class="status-5"><span class="code">501</span> <a href="${base.path}/problems/method-not-implemented">method-not-implemented</a></li>
<li class="status-3"><span class="code">308</span> Permanent Redirect<span class="note"> one slash too many at the end</span></li></ul>`,
  }
}
