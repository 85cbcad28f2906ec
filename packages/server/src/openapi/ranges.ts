// RFC 9110 §14 in the description: what a GET may ask for in part, and what is answered then.
import { type Draft, share } from './draft.ts'
import type { Parameter, Ref, Responses } from './kind.ts'
import { problemResponses } from './problem-responses.ts'
import { requestField } from './request-fields.ts'
import { type ResponseFieldName, responseFields } from './response-fields.ts'

/** Range and If-Range. */
export const rangeFields = (draft: Draft): readonly (Parameter | Ref)[] => [
  requestField(draft, 'Range'),
  requestField(draft, 'If-Range'),
]

/** 206 and 416; what goes with the whole goes with a part of it. */
export const rangeResponses = (draft: Draft, sometimes: readonly ResponseFieldName[]): Responses => ({
  '206': share(draft, 'responses', ['Partial', ...sometimes].join('.'), () => ({
    description: 'The bytes that Range asked for (RFC 9110 §15.3.7); of several ranges, each as a part.',
    headers: responseFields(
      draft,
      ['Accept-Ranges', 'Cache-Control', 'ETag'],
      ['Content-Range', 'Content-Encoding', 'Last-Modified', 'Vary', 'Repr-Digest', 'Content-Digest', ...sometimes],
    ),
    content: {
      'multipart/byteranges': {
        schema: { type: 'string', description: 'Each part has its Content-Type and its Content-Range.' },
        examples: {
          several: {
            summary: 'bytes=0-0,-1',
            value:
              '--b\r\nContent-Type: application/json\r\nContent-Range: bytes 0-0/9\r\n\r\n{\r\n--b\r\nContent-Type: application/json\r\nContent-Range: bytes 8-8/9\r\n\r\n}\r\n--b--\r\n',
          },
        },
      },
      '*/*': {
        schema: { type: 'string', description: 'Bytes of the whole, which has this media type.' },
        examples: { one: { summary: 'bytes=0-5', value: '{"id":' } },
      },
    },
  })),
  ...problemResponses(draft, ['range-not-satisfiable']),
})
