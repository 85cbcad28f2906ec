// HAR 1.2 as a JSON Schema, after http://www.softwareishard.com/blog/har-12-spec/; custom members begin with an underscore.
const text = { type: 'string' }
const count = { type: 'number', minimum: -1 }
const object = (required: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional, comment: text },
  patternProperties: { '^_': {} },
  additionalProperties: false,
})
const array = (items: object) => ({ type: 'array', items })
const named = object({ name: text, value: text })
const cookie = object(
  { name: text, value: text },
  { path: text, domain: text, expires: text, httpOnly: { type: 'boolean' }, secure: { type: 'boolean' } },
)
const tool = object({ name: text, version: text })
const ms = { type: 'number', minimum: 0 }
const time = { type: 'string', format: 'date-time' }
const head = { httpVersion: text, cookies: array(cookie), headers: array(named), headersSize: count, bodySize: count }

export const harSchema = object({
  log: object(
    {
      version: { const: '1.2' },
      creator: tool,
      entries: array(
        object(
          {
            startedDateTime: time,
            time: ms,
            request: object(
              { method: text, url: { type: 'string', format: 'uri' }, queryString: array(named), ...head },
              {
                postData: object(
                  { mimeType: text, text },
                  { params: array(object({ name: text }, { value: text, fileName: text, contentType: text })) },
                ),
              },
            ),
            response: object({
              status: { type: 'integer' },
              statusText: text,
              content: object(
                { size: { type: 'number' }, mimeType: text },
                { compression: count, text, encoding: text },
              ),
              redirectURL: text,
              ...head,
            }),
            cache: object({}, { beforeRequest: {}, afterRequest: {} }),
            timings: object(
              { send: ms, wait: ms, receive: ms },
              { blocked: count, dns: count, connect: count, ssl: count },
            ),
          },
          { pageref: text, serverIPAddress: text, connection: text },
        ),
      ),
    },
    { browser: tool, pages: array({ type: 'object' }) },
  ),
})
