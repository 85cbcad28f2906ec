// A person lets a program act, in a real browser; and a flood of guesses. With COMITY_LONG only.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { basic, collection, defineApi, oauth1, type Serving, serve, text } from '@comity/server'
import { OAuth } from 'oauth'
import { browserPath, startBrowser } from '../support/browser.ts'
import { agent, call } from '../support/call.ts'
import { planting } from '../support/planted.ts'

const skip = process.env.COMITY_LONG === undefined
let serving: Serving
const app = createServer((_request, response) => response.end('back at the app'))
let consumer = { key: '', secret: '' }

before(async () => {
  if (skip) return
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const api = defineApi({
    title: 'Notes',
    resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
    authentication: [oauth1(), basic()],
    async seed(_tx, given) {
      const credentials = planting(given)
      await credentials.addAccount({ login: 'ann', password: 'tea for two' })
      const made = await credentials.addConsumer({ name: 'App', callbacks: [callback()] })
      consumer = { key: made.consumer.key, secret: made.secret ?? '' }
    },
  })
  serving = await serve(api, { port: 0, proxy: 'trusted' })
})
after(async () => {
  if (skip) return
  agent.destroy()
  app.close()
  await serving.close()
})

const callback = () => `http://127.0.0.1:${(app.address() as { readonly port: number }).port}/back`

test('in a browser', { skip: skip || browserPath === undefined }, async t => {
  const at = (name: string) => `${serving.url}/oauth/1/${name}`
  const { key, secret } = consumer
  const client = new OAuth(at('temporary-credentials'), at('token'), key, secret, '1.0A', callback(), 'HMAC-SHA1')
  const temporary = await new Promise<{ key: string; secret: string }>((resolve, reject) =>
    client.getOAuthRequestToken((error, token, own) => (error ? reject(error) : resolve({ key: token, secret: own }))),
  )
  const browser = await startBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${at('authorize')}?oauth_token=${temporary.key}`)
  await page.getByLabel('Login').fill('ann')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in and allow' }).click()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByLabel('Password').inputValue(), '')
  await page.getByLabel('Login').fill('ann')
  await page.getByLabel('Password').fill('tea for two')
  await page.getByRole('button', { name: 'Sign in and allow' }).click()
  await page.waitForURL(/\/back\?/)
  const verifier = new URL(page.url()).searchParams.get('oauth_verifier') ?? ''
  const token = await new Promise<string>((resolve, reject) =>
    client.getOAuthAccessToken(temporary.key, temporary.secret, verifier, (error, made) =>
      error ? reject(error) : resolve(made),
    ),
  )
  assert.equal(token.length, 22)
  // A page of another site cannot send the form, whatever it knows.
  await page.goto(callback())
  const foreign = page.waitForResponse(answer => answer.url() === at('authorize'))
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('form'), { method: 'post', action: '${at('authorize')}' })); document.forms[0].submit()`,
  )
  assert.equal((await foreign).status(), 403)
})

test('a flood of guesses keeps nobody waiting who is known, and is bounded', { skip }, async () => {
  const as = (login: string, password: string, from: string) =>
    call('GET', `${serving.url}/notes`, {
      authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
      'x-forwarded-for': from,
      connection: 'close',
    })
  assert.equal((await as('ann', 'tea for two', '192.0.2.1')).status, 200)
  agent.maxSockets = 400
  const memory = process.memoryUsage().rss
  const flood = Array.from({ length: 300 }, (_, n) => as(`login${n}`, 'guess', `198.51.${n >> 8}.${n & 255}`))
  await wait(100)
  const owner = await as('ann', 'tea for two', '192.0.2.1')
  assert.equal(owner.status, 200)
  const answers = await Promise.all(flood)
  const refused = answers.filter(({ status }) => status === 503)
  assert.ok(refused.length > 100, String(refused.length))
  assert.ok(refused.every(({ fields, json }) => fields['retry-after'] === '2' && json().code === 'overloaded'))
  assert.ok(answers.every(({ status }) => status === 503 || status === 401))
  assert.ok(process.memoryUsage().rss - memory < 200 * 1024 * 1024)
})
