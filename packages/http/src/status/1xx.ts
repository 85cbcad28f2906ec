// RFC 9110 §15.2: informational

import type { StatusRow } from './kind.ts'

export const informational: readonly StatusRow[] = [
  {
    code: 100,
    reason: 'Continue',
    source: 'RFC 9110 §15.2.1',
    meaning: 'The beginning of the request is accepted and the rest may come.',
    advice: 'continue',
    next: 'Send the content, then wait for the final response.',
    cacheable: 'never',
  },
  {
    code: 101,
    reason: 'Switching Protocols',
    source: 'RFC 9110 §15.2.2',
    meaning: 'The server changes to the protocol that the Upgrade field names.',
    advice: 'continue',
    next: 'Speak the new protocol on this connection.',
    cacheable: 'never',
  },
  {
    code: 102,
    reason: 'Processing',
    source: 'RFC 2518 §10.1',
    meaning: 'The server has the whole request and is still working on it.',
    advice: 'continue',
    next: 'Wait for the final response.',
    cacheable: 'never',
  },
  {
    code: 103,
    reason: 'Early Hints',
    source: 'RFC 8297 §2',
    meaning: 'The server names fields, mostly links, that the final response will probably have.',
    advice: 'continue',
    next: 'Load what the Link fields name if that helps, and wait for the final response.',
    cacheable: 'never',
  },
  {
    code: 104,
    reason: 'Upload Resumption Supported',
    source: 'draft-ietf-httpbis-resumable-upload §5',
    meaning: 'The upload has an address of its own at which it can be resumed if it breaks off.',
    advice: 'continue',
    next: 'Remember the Location and Upload-Offset, go on sending, and resume there after an interruption.',
    cacheable: 'never',
  },
]
