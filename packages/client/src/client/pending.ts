// A call that is on its way: a promise of its response, that can be read before it is here.
import type { Row, XmlNode } from '../exchange/reading.ts'
import type { HttpResponse } from './response.ts'

/** How a response will be read, where that is told before the request is sent. */
export type Wanted = { accept: string | undefined; reading: 'whole' | 'pieces' }

const turn = Promise.resolve()

export class PendingResponse<T = unknown> implements Promise<HttpResponse<T>> {
  readonly [Symbol.toStringTag] = 'PendingResponse'
  readonly #response: Promise<HttpResponse<T>>
  readonly #wanted: Wanted = { accept: undefined, reading: 'pieces' }

  /** Begins at the end of this turn, so that a reader called at once can say what it wants. */
  constructor(begin: (wanted: Wanted) => Promise<HttpResponse<T>>) {
    this.#response = turn.then(() => begin(this.#wanted))
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<A = HttpResponse<T>, B = never>(
    fulfilled?: ((response: HttpResponse<T>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#response.then(fulfilled, rejected)
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<HttpResponse<T> | B> {
    return this.#response.catch(rejected)
  }

  finally(settled?: (() => void) | null): Promise<HttpResponse<T>> {
    return this.#response.finally(settled)
  }

  json<Value = T>(): Promise<Value> {
    return this.#read('application/json', response => response.json<Value>())
  }

  text(): Promise<string> {
    return this.#read('text/plain', response => response.text())
  }

  bytes(): Promise<Uint8Array> {
    return this.#read(undefined, response => response.bytes())
  }

  csv(): Promise<readonly Row[]> {
    return this.#read('text/csv', response => response.csv())
  }

  xml(): Promise<XmlNode> {
    return this.#read('application/xml', response => response.xml())
  }

  async *lines(): AsyncGenerator<string, void, undefined> {
    yield* (await this.#response).lines()
  }

  async stream(): Promise<ReadableStream<Uint8Array>> {
    return (await this.#response).stream()
  }

  #read<Value>(accept: string | undefined, read: (response: HttpResponse<T>) => Promise<Value>): Promise<Value> {
    this.#wanted.accept = accept
    this.#wanted.reading = 'whole'
    return this.#response.then(read)
  }
}
