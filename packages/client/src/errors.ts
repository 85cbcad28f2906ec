// What can go wrong with a call.
//
//   ComityError         everything below; its trace tells what was tried
//   ├─ NetworkError     no response came, or its content broke off
//   ├─ HttpError        a response came whose status says no
//   ├─ DecodeError      a response came whose content is not what it was read as
//   ├─ TransferError    a file could not be brought whole: it, the disk or the server's promises are at fault
//   ├─ DisallowedError  robots.txt does not allow it, and nothing was sent
//   ├─ AuthError        no credentials could be had, or the server did not prove itself
//   └─ DeadlineError    the time for the whole call was over
//
// Messages are one sentence and hold no secrets: of a URL the query is left out.
import type { Problem } from '@comity/http'
import type { HttpResponse } from './client/response.ts'
import type { TraceNote } from './layers/call.ts'

/** Anything that a call may be rejected with, but for mistakes in calling it (TypeError). */
export class ComityError extends Error {
  /** What was tried, and why it was given up. */
  trace: readonly TraceNote[] = []

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/**
 * Why no response came. `protocol`: what came is not HTTP. `interrupted`: the content ended before its end. `too-large`:
 * more came than is allowed. `circuit-open`: nothing was sent, since the last calls to this origin failed, or it
 * asked to be left alone.
 * `unknown`: the platform does not tell; browsers never do.
 */
export type NetworkErrorKind =
  | 'name-not-known'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'timeout'
  | 'unreachable'
  | 'protocol'
  | 'interrupted'
  | 'too-large'
  | 'aborted'
  | 'circuit-open'
  | 'closed'
  | 'unknown'

/** How far the attempt had come: nothing sent; request being sent; waiting for the response; receiving its content. */
export type Phase = 'connect' | 'send' | 'wait' | 'receive'

export class NetworkError extends ComityError {
  readonly kind: NetworkErrorKind
  readonly phase: Phase

  constructor(kind: NetworkErrorKind, phase: Phase, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.phase = phase
  }
}

export class HttpError extends ComityError {
  readonly response: HttpResponse

  constructor(message: string, response: HttpResponse) {
    super(message)
    this.response = response
    // Printing an error should not print all that hangs on its response.
    Object.defineProperty(this, 'response', { enumerable: false })
  }

  get status(): number {
    return this.response.status
  }

  get reason(): string {
    return this.response.reason
  }

  /** What the server says about it (RFC 9457); undefined where it sent no problem details. */
  get problem(): Problem | undefined {
    return this.response.problem
  }
}

export class DecodeError extends ComityError {
  readonly response: HttpResponse | undefined

  constructor(message: string, response?: HttpResponse, options?: ErrorOptions) {
    super(message, options)
    this.response = response
    Object.defineProperty(this, 'response', { enumerable: false })
  }
}

export class DeadlineError extends ComityError {}

/** No credentials could be had, or the server did not prove that it knows them. */
export class AuthError extends ComityError {}

/**
 * Why a download or upload was given up. `changed`: other versions kept appearing. `digest`: what came is not what was
 * promised. `exists`: a file is there already that was not to be replaced. `disk-full` keeps what is there, to be gone on
 * with. `file`: it cannot be opened, read or written. `refused`: the server took an upload to be something else than what
 * was sent.
 */
export class TransferError extends ComityError {
  readonly kind: 'changed' | 'digest' | 'exists' | 'disk-full' | 'file' | 'refused'

  constructor(kind: TransferError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** The site's robots.txt does not allow the request (RFC 9309), and nothing was sent. */
export class DisallowedError extends ComityError {}
