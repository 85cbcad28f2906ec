// What the benchmark uses of packages that are installed below bench/ only, so that the workspace can be checked
// without them.
declare module 'hono' {
  type Context = {
    readonly req: {
      param(name: string): string
      query(name: string): string | undefined
      header(name: string): string | undefined
      json(): Promise<unknown>
    }
    body(content: string | null, status: number, fields?: Record<string, string>): Response
    json(value: unknown, status?: number, fields?: Record<string, string>): Response
  }
  export class Hono {
    use(middleware: unknown): this
    get(path: string, handle: (context: Context) => Response | Promise<Response>): this
    post(path: string, handle: (context: Context) => Response | Promise<Response>): this
    readonly fetch: (request: Request) => Response | Promise<Response>
  }
}

declare module 'hono/compress' {
  export function compress(): unknown
}

declare module '@fastify/compress' {
  import type { FastifyPluginAsync } from 'fastify'

  const compress: FastifyPluginAsync
  export default compress
}

declare module '@hono/node-server' {
  export function serve(
    options: { fetch: (request: Request) => Response | Promise<Response>; port: number; hostname: string },
    listening: (address: { readonly port: number }) => void,
  ): { close(): void }
}

declare module 'json-server' {
  type App = {
    use(...handlers: unknown[]): void
    listen(port: number, host: string, listening: () => void): { address(): { readonly port: number } }
  }
  const jsonServer: {
    create(): App
    router(path: string): unknown
    defaults(options: { readonly logger: boolean }): unknown[]
    rewriter(rules: Readonly<Record<string, string>>): unknown
  }
  export default jsonServer
}

declare module 'autocannon' {
  type Result = {
    readonly requests: { readonly total: number }
    readonly latency: { readonly p50: number; readonly p99: number }
    readonly duration: number
    readonly errors: number
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>
  }
  export default function autocannon(options: {
    readonly url: string
    readonly connections: number
    readonly duration: number
    readonly requests: readonly {
      readonly method: string
      readonly path: string
      readonly headers: Readonly<Record<string, string>>
      readonly body?: string
    }[]
  }): Promise<Result>
}

declare module 'got' {
  type Got = {
    (url: string): { json(): Promise<unknown> }
    extend(options: { readonly agent: { readonly http: unknown } }): Got
  }
  const got: Got
  export default got
}

declare module 'ky' {
  const ky: { get(url: string): { json(): Promise<unknown> } }
  export default ky
}

declare module 'axios' {
  type Axios = { get(url: string): Promise<{ readonly data: unknown }> }
  const axios: { create(options: { readonly httpAgent: unknown }): Axios }
  export default axios
}
