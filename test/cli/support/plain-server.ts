// A server that knows nothing of this project: what `comity` meets elsewhere.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type PlainServer = {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** The heads of requests as they came, and how many came to each path. */
  readonly counts: Map<string, number>
  readonly close: () => void
}

type Route = (request: IncomingMessage, response: ServerResponse, content: Buffer, count: number) => void

const problem = (status: number, detail: string, fields: Record<string, string> = {}): Route => {
  return (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json', ...fields })
      .end(JSON.stringify({ title: 'No', status, detail }))
}
const content = (type: string, text: string | Buffer): Route => {
  return (_, response) => response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(text)
}

const pages = 3
const routes: Readonly<Record<string, Route>> = {
  '/echo': ({ method, url, headers }, response, given) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ method, url, fields: headers, content: given.toString() })),
  '/list': ({ url }, response) => {
    const page = Number(new URL(url ?? '', 'http://x').searchParams.get('page') ?? 1)
    const more = page < pages ? { link: `</list?page=${page + 1}>; rel="next"` } : {}
    const items = [1, 2].map(
      at => `{"id":1234567890123456789${(page - 1) * 2 + at},"name":"n${at}","of":{"page":${page}}}`,
    )
    response.writeHead(200, { 'content-type': 'application/json', ...more }).end(`[${items.join(',')}]`)
  },
  '/pages-that-break': (request, response, given, count) => {
    if (count > 1) return problem(500, 'It broke.')(request, response, given, count)
    const fields = { 'content-type': 'application/json', link: '</pages-that-break?page=2>; rel="next"' }
    response.writeHead(200, fields).end('[{"id":1}]')
  },
  '/users': content(
    'application/json',
    '[{"id":1,"email":"a@x.example","address":{"city":"Huế"}},{"id":2,"email":"b@x.example","address":{"city":"Tver"}}]',
  ),
  '/csv': content('text/csv', 'id,name\r\n1,Ann\r\n2,"Bo, b"\r\n'),
  '/ndjson': content('application/x-ndjson', '{"id":1}\n{"id":2}\n'),
  '/xml': content('application/xml', '<list><i><id>1</id></i><i><id>2</id></i></list>'),
  '/text': content('text/plain', 'one\ntwo\u001b[31m\n'),
  '/image': content('image/png', Buffer.from([137, 80, 78, 71, 0, 255])),
  '/not-json': content('application/json', '{"a":'),
  '/number': content('application/json', '12.50'),
  '/empty': (_, response) => response.writeHead(204, { allow: 'GET, OPTIONS' }).end(),
  '/moved': (_, response) => response.writeHead(302, { location: '/users' }).end(),
  '/gone': problem(410, 'It was here until 2014.'),
  '/wrong': (_, response) =>
    response.writeHead(400, { 'content-type': 'application/problem+json' }).end(
      JSON.stringify({
        title: 'Invalid',
        status: 400,
        errors: [
          { pointer: '/name', detail: 'It is missing.' },
          { parameter: 'limit', detail: 'It is no number.' },
        ],
      }),
    ),
  '/page-not-found': (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Nothing</p>'),
  '/login': problem(401, 'Who are you?', { 'www-authenticate': 'Basic realm="here"' }),
  '/only-get': problem(405, 'Not so.', { allow: 'GET, HEAD' }),
  '/busy': (request, response, given, count) =>
    count < 3
      ? problem(503, 'Later.', { 'retry-after': '0' })(request, response, given, count)
      : content('text/plain', 'at last\n')(request, response, given, count),
  '/down': problem(500, 'It broke.'),
  '/slow': () => {},
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' }).write('begun')
    setTimeout(() => response.destroy(), 20)
  },
  '/endless': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    const timer = setInterval(() => {
      if (!response.writableNeedDrain) response.write('a line that comes again and again\n'.repeat(200))
    }, 5)
    response.on('close', () => clearInterval(timer))
  },
  '/cookie': ({ headers }, response) =>
    response
      .writeHead(200, { 'set-cookie': 'sid=s3cret; Path=/', 'content-type': 'text/plain' })
      .end(headers.cookie ?? 'none'),
  '/kept': ({ headers }, response, _, count) =>
    headers['if-none-match'] === '"a"'
      ? response.writeHead(304, { etag: '"a"' }).end()
      : response
          .writeHead(200, { etag: '"a"', 'cache-control': 'no-cache', 'content-type': 'text/plain' })
          .end(`kept ${count}`),
  '/digest': ({ headers, method, url }, response) => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const given = Object.fromEntries(
      [...(headers.authorization ?? '').matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name, value]) => [name, value]),
    )
    const right = md5(`${md5('ann:r:open')}:n1:${given.nc}:${given.cnonce}:auth:${md5(`${method}:${url}`)}`)
    if (given.response === right) content('text/plain', 'hello ann\n')({} as never, response, Buffer.alloc(0), 0)
    else response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n1", qop="auth"' }).end()
  },
  '/token': (_, response, given) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        access_token: given.toString().includes('grant_type=client_credentials') ? 'machine' : 'other',
        token_type: 'Bearer',
        expires_in: 3600,
      }),
    ),
}

export async function startPlainServer(): Promise<PlainServer> {
  const counts = new Map<string, number>()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    const count = (counts.get(pathname) ?? 0) + 1
    counts.set(pathname, count)
    const given = await buffer(request)
    const route = routes[pathname] ?? problem(404, `There is nothing at ${pathname}.`)
    route(request, response, given, count)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
