// What the authorization server answers: below /oauth, and where RFC 8414 looks for its metadata.
import { type Answer, refuse } from '../../../exchange/answer.ts'
import type { Exchange } from '../../../exchange/exchange.ts'
import { refusedAnswer } from '../../../exchange/problem-answer.ts'
import type { Site } from '../../scheme.ts'
import { bridged } from './bridge.ts'
import { mountPath } from './options.ts'
import type { Made } from './provider.ts'
import { type SignInContext, signIn } from './sign-in.ts'

const wellKnown = '.well-known/oauth-authorization-server'
const openId = '.well-known/openid-configuration'

export function siteOf(provider: () => Promise<Made>, context: SignInContext): Site {
  return {
    paths: [mountPath, wellKnown, openId],
    async answer(x, path) {
      const below = pathBelow(x, path)
      if (below === undefined) return nothing(x)
      const made = await provider()
      const { url } = x.incoming
      const mark = url.indexOf('?')
      const whole = below + (mark === -1 ? '' : url.slice(mark))
      if (/^\/sign-in\/[\w-]{1,64}$/.test(below) && x.method !== 'OPTIONS') return signIn(x, whole, made, context)
      const handle = made.provider.callback()
      const answer = await bridged(x, whole, made.issuer, handle)
      return answer.status === 404 && answer.body?.toString() === 'Not Found' ? nothing(x) : answer
    },
  }
}

const nothing = (x: Exchange): Answer =>
  refusedAnswer(x, refuse('no-such-resource', `The authorization server answers nothing at “${x.target.path}”.`))

/** RFC 8414 §3.1: the path of the issuer follows the well-known one. */
function pathBelow(x: Exchange, path: string): string | undefined {
  if (path === mountPath) return '/'
  if (path.startsWith(`${mountPath}/`)) return path.slice(mountPath.length)
  const base = path.startsWith(wellKnown) ? wellKnown : openId
  const rest = path.slice(base.length)
  return rest === `/${mountPath}` || rest === `${x.incoming.prefix()}/${mountPath}` ? `/${base}` : undefined
}
