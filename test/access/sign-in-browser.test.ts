// Signing in with a real browser: what its security policy lets the pages do, and what other pages cannot do to them.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import * as openid from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { browserPath, startBrowser } from '../support/browser.ts'
import { type Ledger, startLedger } from './support/ledger.ts'

const skip =
  browserPath === undefined
    ? 'there is no browser'
    : process.env.COMITY_LONG
      ? false
      : 'takes a browser; npm run test:long'

let ledger: Ledger
let browser: Browser
/** Where the app listens, and a page of somebody else. */
let app: Server
let origin: string
let evil = ''

before(async () => {
  if (skip) return
  app = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(request.url?.startsWith('/evil') ? evil : '<title>back</title><p>back at the app</p>')
  })
  app.listen(0, '127.0.0.1')
  await new Promise(resolve => app.once('listening', resolve))
  origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
  ledger = await startLedger()
  browser = await startBrowser()
})
after(async () => {
  if (skip) return
  await browser.close()
  await ledger.close()
  app.closeAllConnections()
  await new Promise(resolve => app.close(resolve))
})

async function begin(language: string) {
  const configuration = await openid.discovery(
    new URL(ledger.issuer),
    ledger.clients.app.id,
    undefined,
    openid.None(),
    {
      execute: [openid.allowInsecureRequests],
    },
  )
  const verifier = openid.randomPKCECodeVerifier()
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: `${origin}/callback`,
    scope: 'read',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const context = await browser.newContext({ locale: language })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => complaints.push(message.text()))
  return { configuration, verifier, url: url.href, page, complaints, context }
}

async function signIn(page: Page): Promise<void> {
  await page.fill('#login', ledger.login)
  await page.fill('#password', ledger.password)
  await Promise.all([page.waitForSelector('button[value=allow]'), page.click('button:not([name])')])
}

test('a person signs in, allows, and is back at the app; signs out, and is asked again', { skip }, async () => {
  const { configuration, verifier, url, page, complaints } = await begin('ru')
  await page.goto(url)
  assert.equal(await page.textContent('h1'), 'Вход')
  await page.fill('#login', 'ann')
  await page.fill('#password', 'wrong password')
  await Promise.all([page.waitForSelector('[role=alert]'), page.click('button:not([name])')])
  await page.screenshot({ path: process.env.COMITY_SCREENSHOT ?? '/dev/null', type: 'png' })
  await signIn(page)
  await Promise.all([page.waitForURL(`${origin}/callback**`), page.click('button[value=allow]')])
  const tokens = await openid.authorizationCodeGrant(configuration, new URL(page.url()), { pkceCodeVerifier: verifier })
  assert.equal(tokens.scope, 'read')
  await page.goto(`${ledger.issuer}/sign-out`)
  await Promise.all([page.waitForNavigation(), page.click('button[value=yes]')])
  await page.goto(url)
  assert.equal(await page.locator('#password').count(), 1)
  // A status of 403 is said on the console; what the policy forbids would be, too.
  assert.deepEqual(
    complaints.filter(text => !text.includes('403')),
    [],
  )
})

test('nobody else’s page frames the sign-in, nor sends its form', { skip }, async () => {
  const { url, page, context } = await begin('en')
  await page.goto(url)
  const csrf = await page.inputValue('input[name=csrf]')
  evil = `<iframe src="${url}"></iframe>`
  const framing = await context.newPage()
  await framing.goto(`${origin.replace('127.0.0.1', 'localhost')}/evil`)
  const frame = framing.frames()[1]
  assert.equal(await frame?.locator('#password').count(), 0)
  evil = `<form method="post" action="${page.url()}"><input name="csrf" value="${csrf}"><input name="login" value="ann"><input name="password" value="${ledger.password}"><button>go</button></form>`
  await framing.goto(`${origin.replace('127.0.0.1', 'localhost')}/evil`)
  const [response] = await Promise.all([framing.waitForNavigation(), framing.click('button')])
  assert.equal(response?.status(), 403)
  assert.match((await framing.textContent('body')) ?? '', /cross-origin-refused/)
})
