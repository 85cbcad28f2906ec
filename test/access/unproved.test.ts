// Who has only said who they are, and has not proved it yet, uses up nothing of whom they say they are: signatures that cover
// the content are checked once it is here.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { parseChallenges } from '@comity/http'
import { collection, defineApi, digest, oauth1, type Serving, serve, text } from '@comity/server'
import { agent, call } from '../support/call.ts'
import { plant } from '../support/planted.ts'

const password = plant('the password of the victim')
let serving: Serving

before(async () => {
  serving = await serve(
    defineApi({
      title: 'Unproved',
      authentication: [digest(), oauth1()],
      rates: {
        plan: { per: 'caller', requests: 3, window: 'month', beyond: 'pay', for: 'known' },
        slots: { per: 'caller', concurrent: 2, for: 'known' },
      },
      resources: { notes: collection({ fields: { text: text({ max: 100 }) } }) },
      async seed(_tx, credentials) {
        await credentials.addAccount({ login: 'victim', password, id: 'victim' })
      },
    }),
    { port: 0 },
  )
})
after(async () => {
  agent.destroy()
  await serving.close()
})

const hash = (data: string): string => createHash('sha256').update(data).digest('hex')

async function post(secret: string, content: string) {
  const url = `${serving.url}/notes`
  const { fields } = await call('GET', url)
  const found = parseChallenges(fields['www-authenticate'] ?? '').find(
    ({ params }) => params.algorithm === 'SHA-256',
  )?.params
  const { realm = '', nonce = '', opaque = '' } = found ?? {}
  const target = hash(`POST:/notes:${hash(content)}`)
  const response = hash(`${hash(`victim:${realm}:${secret}`)}:${nonce}:00000001:c:auth-int:${target}`)
  const authorization = `Digest username="victim", realm="${realm}", nonce="${nonce}", uri="/notes", algorithm=SHA-256, response="${response}", qop=auth-int, nc=00000001, cnonce="c", opaque="${opaque}"`
  return call('POST', url, { authorization }, content)
}

test('a wrong digest of the content takes nothing from the plan of the account that it names, a right one is counted', async () => {
  for (let at = 0; at < 5; at++) {
    const { status, fields } = await post('guessed', '{"text":"not mine"}')
    assert.equal(status, 401)
    assert.equal(fields.ratelimit, undefined)
  }
  for (const left of [2, 1, 0]) {
    const { status, fields } = await post(password, '{"text":"mine"}')
    assert.equal(status, 201)
    assert.match(fields.ratelimit ?? '', new RegExp(`"plan";r=${left}\\b`))
  }
  const beyond = await post(password, '{"text":"too much"}')
  assert.equal(beyond.status, 402)
})
