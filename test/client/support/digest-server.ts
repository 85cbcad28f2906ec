// A server that asks for Digest, written from the server's side of RFC 7616 and nothing of the client's.
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type DigestDemand = {
  readonly algorithm: string
  readonly qop: string
  readonly userhash?: boolean
  readonly domain?: string
  /** How often a nonce may be used before it is stale. */
  readonly uses?: number
  /** Each success names the next nonce. */
  readonly next?: boolean
  readonly rspauth?: 'right' | 'wrong'
  /** Stands before ours in WWW-Authenticate. */
  readonly others?: string
  readonly user: string
  readonly password: string
}

export type DigestServer = {
  readonly url: string
  demand: DigestDemand
  /** Every request: its status, and its Authorization as read. */
  readonly seen: { status: number; path: string; params: Record<string, string>; why?: string }[]
  readonly close: () => Promise<void>
}

const realm = 'a "quoted" realm'

export async function startDigestServer(first: DigestDemand): Promise<DigestServer> {
  const nonces = new Map<string, { uses: Set<string>; cnonce?: string }>()
  const fresh = (): string => {
    const nonce = randomBytes(9).toString('base64')
    nonces.set(nonce, { uses: new Set() })
    return nonce
  }
  const server = createServer(async (request, response) => {
    const { demand } = it
    const body = await buffer(request)
    const params = readParams(request.headers.authorization ?? '')
    const verdict = judge(demand, request, params, body)
    const seen = {
      status: verdict.ok ? 200 : 401,
      path: request.url ?? '',
      params,
      ...('why' in verdict ? { why: verdict.why } : {}),
    }
    it.seen.push(seen)
    if (!verdict.ok) {
      const stale = verdict.why === 'stale' ? ', stale=true' : ''
      const hashed = demand.userhash ? ', userhash=true' : ''
      const domain = demand.domain === undefined ? '' : `, domain="${demand.domain}"`
      const qop = demand.qop === '' ? '' : `, qop="${demand.qop}"`
      const own = `Digest realm="a \\"quoted\\" realm"${domain}${qop}, algorithm=${demand.algorithm}, nonce="${fresh()}", opaque="5ccc"${stale}${hashed}, charset=UTF-8`
      response.writeHead(401, { 'www-authenticate': demand.others === undefined ? own : `${demand.others}, ${own}` })
      return void response.end('no')
    }
    const content = Buffer.from(`hello ${request.url}`)
    const info: string[] = []
    if (demand.rspauth) {
      const proof = demand.rspauth === 'right' ? verdict.proof(content) : 'f'.repeat(32)
      info.push(`rspauth="${proof}"`, `qop=${params.qop}`, `cnonce="${params.cnonce}"`, `nc=${params.nc}`)
    }
    if (demand.next) info.push(`nextnonce="${fresh()}"`)
    response.writeHead(200, info.length === 0 ? {} : { 'authentication-info': info.join(', ') })
    response.end(content)
  })

  function judge(demand: DigestDemand, request: IncomingMessage, params: Record<string, string>, body: Buffer) {
    const no = (why: string) => ({ ok: false as const, why })
    if (params.response === undefined) return no('none')
    const kept = nonces.get(params.nonce ?? '')
    if (kept === undefined) return no('unknown nonce')
    const [, name = '', session] = /^(.*?)(-sess)?$/.exec(demand.algorithm) ?? []
    const h = (text: string | Buffer) =>
      createHash({ MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }[name] ?? '')
        .update(text)
        .digest('hex')
    const named = params['username*'] ? decodeURIComponent(params['username*'].replace("UTF-8''", '')) : params.username
    const expectedName = demand.userhash ? h(`${demand.user}:${realm}`) : demand.user
    if (named !== expectedName || params.algorithm !== demand.algorithm || params.realm !== realm) return no('user')
    if (params.uri !== request.url || params.opaque !== '5ccc') return no('uri')
    if (demand.qop !== '' && !/^[0-9a-f]{8}$/.test(params.nc ?? '')) return no('nc')
    if (demand.qop !== '' && kept.uses.has(params.nc ?? '')) return no('repeated nc')
    kept.cnonce ??= params.cnonce ?? ''
    let a1 = h(`${demand.user}:${realm}:${demand.password}`)
    if (session) a1 = h(`${a1}:${params.nonce}:${kept.cnonce}`)
    const answer = (method: string, content: Buffer) => {
      const a2 = `${method}:${params.uri}${params.qop === 'auth-int' ? `:${h(content)}` : ''}`
      return demand.qop === ''
        ? h(`${a1}:${params.nonce}:${h(a2)}`)
        : h(`${a1}:${params.nonce}:${params.nc}:${params.cnonce}:${params.qop}:${h(a2)}`)
    }
    if (params.response !== answer(request.method ?? '', body)) return no('response')
    if (kept.uses.size >= (demand.uses ?? Number.POSITIVE_INFINITY)) return no('stale')
    kept.uses.add(params.nc ?? '')
    return { ok: true as const, proof: (content: Buffer) => answer('', content) }
  }

  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const it: DigestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    demand: first,
    seen: [],
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return it
}

function readParams(field: string): Record<string, string> {
  if (!field.startsWith('Digest ')) return {}
  const found: Record<string, string> = {}
  for (const [, name = '', quoted, bare = ''] of field.slice(7).matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g))
    found[name] = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1')
  return found
}
