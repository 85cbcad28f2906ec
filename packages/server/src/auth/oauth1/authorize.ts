// RFC 5849 §2.2: the page on which a person signs in and says whether a consumer may act for them. Its form is believed
// from this page alone: by a cookie of this browser, and by what browsers say of where a form comes from.
import { createHmac, randomBytes } from 'node:crypto'
import { type Answer, refuse } from '../../exchange/answer.ts'
import type { Exchange } from '../../exchange/exchange.ts'
import { refusedAnswer } from '../../exchange/problem-answer.ts'
import { noted } from '../keeping.ts'
import { pageAnswer } from '../oauth2/server/page-answer.ts'
import type { SchemeContext } from '../scheme.ts'
import { signatureOfSignIn } from '../signed-in.ts'
import { consumerOf, type WholeConsumer } from './consumers.ts'
import { isSame } from './signature.ts'
import { readTemporary, type Temporary, temporaryKind, temporaryLife } from './temporary.ts'

export const authorizePath = 'oauth/1/authorize'
const cookieName = 'comity-oauth1'

type Asked = { readonly token: string; readonly temporary: Temporary; readonly consumer: WholeConsumer }

/** GET shows the form, POST is what was entered. */
export function authorizing({ store, now, signIns, title }: SchemeContext): (x: Exchange) => Promise<Answer> {
  const secret = randomBytes(32)
  const csrfOf = (browser: string, token: string): string =>
    createHmac('sha256', secret).update(`${browser} ${token}`).digest('base64url')

  async function asked(token: string): Promise<Asked | undefined> {
    const temporary = await readTemporary(store, token)
    // Once it was decided, it is not decided again.
    if (temporary === undefined || temporary.account !== undefined) return undefined
    const consumer = await consumerOf(store, temporary.consumer)
    return consumer === undefined || consumer.revoked !== undefined ? undefined : { token, temporary, consumer }
  }

  async function show(x: Exchange, { token, temporary, consumer }: Asked, status: number, problem?: string, more = {}) {
    const { authorizePage } = await import('../../pages/oauth/authorize-page.ts')
    const browser = cookieOf(x) ?? randomBytes(18).toString('base64url')
    const action = `${x.incoming.prefix()}/${authorizePath}`
    const cookie = `${cookieName}=${browser}; Path=${action}; Max-Age=${temporaryLife / 1_000}; HttpOnly; Secure; SameSite=Strict`
    const csrf = csrfOf(browser, token)
    const about = { title, consumer: consumer.name, scopes: consumer.scopes, token, action, problem, csrf }
    const shownAs = {
      status,
      more: { 'set-cookie': cookie, ...more },
      redirect: temporary.callback,
      locales: undefined,
    }
    return pageAnswer(x, shownAs, (base, language) => authorizePage(about, base, language))
  }

  async function decided(x: Exchange, form: URLSearchParams, known: Asked): Promise<Answer> {
    const { token, temporary } = known
    if (form.get('decision') !== 'allow') {
      await store.write(tx => tx.removeRecord(temporaryKind, token))
      return back(x, temporary, { oauth_token: token, oauth_problem: 'permission_denied' })
    }
    const [login, password] = [form.get('login') ?? '', form.get('password') ?? '']
    const signedIn = await signIns.withPassword(login, password, x.incoming.address())
    if (signedIn.kind === 'refused') {
      const { status } = x.runtime.problem(signedIn.code)
      // 401 would make the browser ask for what the page asks for.
      return show(x, known, status === 401 ? 403 : status, signedIn.code, signedIn.fields)
    }
    const verifier = randomBytes(18).toString('base64url')
    const isFirst = await store.write(async tx => {
      const still = await readTemporary(tx, token)
      if (still === undefined || still.account !== undefined) return false
      const value = { ...still, account: signedIn.account.id, verifier }
      await tx.putRecord(temporaryKind, token, { value, expires: now() + temporaryLife })
      tx.signed(signatureOfSignIn(x, signedIn.account, known.consumer.name))
      await noted(tx, 'granted', 'consumers', known.consumer.key)
      return true
    })
    return isFirst ? back(x, temporary, { oauth_token: token, oauth_verifier: verifier }) : ended(x)
  }

  /** To the consumer, or with `oob` to a page from which the person copies the verifier. */
  async function back(x: Exchange, { callback }: Temporary, said: Readonly<Record<string, string>>): Promise<Answer> {
    if (callback === 'oob') {
      const { verifierPage } = await import('../../pages/oauth/authorize-page.ts')
      const shownAs = { status: 200, more: {}, redirect: callback, locales: undefined }
      return pageAnswer(x, shownAs, (base, language) =>
        verifierPage({ title, verifier: said.oauth_verifier }, base, language),
      )
    }
    const url = new URL(callback)
    for (const [name, value] of Object.entries(said)) url.searchParams.append(name, value)
    const fields = {
      location: url.href,
      'content-length': '0',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    }
    return { status: 303, fields, body: undefined }
  }

  return async x => {
    const form = x.method === 'POST' ? new URLSearchParams(Buffer.from(x.content ?? []).toString()) : undefined
    const foreign = form && faultOfOrigin(x)
    if (foreign !== undefined) return refusedAnswer(x, refuse('cross-origin-refused', foreign))
    const token = form?.get('oauth_token') ?? new URL(x.incoming.url, 'http://x').searchParams.get('oauth_token') ?? ''
    const known = await asked(token)
    if (known === undefined) return ended(x)
    if (form === undefined) return show(x, known, 200)
    const browser = cookieOf(x)
    if (browser === undefined || !isSame(form.get('csrf') ?? '', csrfOf(browser, token)))
      return refusedAnswer(
        x,
        refuse('cross-origin-refused', 'The form is not one that this browser was shown. Load the page again.'),
      )
    return decided(x, form, known)
  }
}

const ended = (x: Exchange): Answer =>
  refusedAnswer(
    x,
    refuse(
      'not-found',
      'There is nothing to authorize: the oauth_token is not known, has ended, or was decided before.',
    ),
  )

/** Fetch Metadata, and RFC 6454 §7 for browsers that know no other. */
function faultOfOrigin(x: Exchange): string | undefined {
  const site = x.field('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin')
    return `The form comes from another site (Sec-Fetch-Site: ${site.slice(0, 20)}).`
  const origin = x.field('origin')
  if (origin === undefined || origin === x.incoming.origin()) return undefined
  return `The form comes from ${origin.slice(0, 100)}.`
}

function cookieOf(x: Exchange): string | undefined {
  const found = (x.field('cookie') ?? '').split(/; */).find(pair => pair.startsWith(`${cookieName}=`))
  const value = found?.slice(cookieName.length + 1)
  return value !== undefined && /^[\w-]{24}$/.test(value) ? value : undefined
}
