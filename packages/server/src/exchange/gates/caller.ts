// RFC 9110 §11, §15.5.2: who asks? Credentials that are there must be right, even where none are needed.
import type { CredentialsRefused, Scheme } from '../../auth/scheme.ts'
import { after, type Later } from '../../store/store.ts'
import { refuse, type Stop } from '../answer.ts'
import type { Exchange } from '../exchange.ts'
import { withinLimits } from './limits.ts'
import { mayAnyone } from './permitted.ts'

export function authenticated(x: Exchange): Later<Stop | undefined> {
  const { schemes } = x.runtime
  if (schemes.length === 0 || x.run !== undefined || x.caller !== undefined) return
  // Credentials that are sent there are for the site itself to read: those of clients, by Basic.
  if (x.target.place.kind === 'site') return
  const scheme = schemes.find(each => each.isUsed(x))
  if (scheme === undefined) return isOpen(x) ? undefined : anonymous(x)
  return after(scheme.authenticate(x), outcome => {
    if (outcome.kind === 'refused') return refusedBy(x, scheme, outcome)
    x.caller = outcome.caller
    x.callerFields = outcome.fields
    const { content } = outcome
    if (content)
      x.contentSigned = how =>
        after(content(how), (signed): Later<Stop | undefined> => {
          if (signed.kind === 'refused') return refusedBy(x, scheme, signed)
          x.callerFields = signed.fields ?? x.callerFields
          return undefined
        })
    return undefined
  })
}

/** Who has not proved yet who it is is not told why else it was refused. */
export function toldToSigner(x: Exchange, stop: Stop | undefined): Later<Stop | undefined> {
  if (stop === undefined || x.contentSigned === undefined) return stop
  const closes = stop.kind === 'refused' && stop.fields?.connection === 'close'
  return after(contentSigned(x), unsigned =>
    unsigned?.kind === 'refused' && closes
      ? { ...unsigned, fields: { ...unsigned.fields, connection: 'close' } }
      : (unsigned ?? stop),
  )
}

/**
 * Asked once, when the content was read or is not going to be: is it what its caller signed? Until then nothing was taken from
 * what the caller may ask for: it might have been somebody else.
 */
export function contentSigned(x: Exchange, how: 'read' | 'unread' = 'unread'): Later<Stop | undefined> {
  const ask = x.contentSigned
  x.contentSigned = undefined
  return ask && after(ask(how), (stop): Later<Stop | undefined> => stop ?? withinLimits(x))
}

/** What anybody may: read the pages of the API itself, know which methods there are, and what rules let anyone do. */
function isOpen(x: Exchange): boolean {
  const { place } = x.target
  if (place.kind === 'page') return place.page !== 'traces'
  return x.method === 'OPTIONS' || mayAnyone(x)
}

function anonymous(x: Exchange): Later<Stop> {
  const names = x.runtime.schemes.map(({ name }) => name).join(', ')
  const detail =
    x.fields.authorization === undefined
      ? 'The request carries no credentials'
      : 'The credentials are of no scheme that is accepted'
  return after(challengesOf(x, undefined, undefined), fields =>
    refuse('authentication-required', `${detail}; ${names} can be used.`, { fields }),
  )
}

function refusedBy(x: Exchange, scheme: Scheme, refused: CredentialsRefused): Later<Stop> {
  const { code, detail, fields } = refused
  if (x.runtime.problem(code).status !== 401) return refuse(code, detail, { ...(fields && { fields }) })
  return after(challengesOf(x, scheme, refused), challenges =>
    refuse(code, detail, { fields: { ...fields, ...challenges } }),
  )
}

/** RFC 9110 §11.6.1: one for each scheme, in the order in which they are declared; several where it has variants. */
function challengesOf(
  x: Exchange,
  scheme: Scheme | undefined,
  refused: CredentialsRefused | undefined,
): Later<Readonly<Record<string, string>>> {
  let all: Later<readonly string[]> = []
  for (const each of x.runtime.schemes)
    all = after(all, before =>
      after(each.challenges(x, each === scheme ? refused : undefined), own => [...before, ...own]),
    )
  return after(all, challenges => {
    x.challenges = challenges
    return { 'www-authenticate': challenges.join(', ') }
  })
}
