// RFC 9110 §15: statuses that fit the method.
import type { Operation, Response } from '../api.ts'
import type { Rule } from '../rule.ts'
import { isGiven } from '../segments.ts'

/** What a method may be answered when it worked. 207 and 226 say more than 200 does; 202 is a promise. */
const fitting: Readonly<Record<string, readonly string[]>> = {
  GET: ['200', '203', '204', '206', '207', '226', '202'],
  HEAD: ['200', '203', '204', '206', '207', '226'],
  QUERY: ['200', '203', '204', '206', '207'],
  PUT: ['200', '201', '202', '204', '207'],
  PATCH: ['200', '202', '204', '207', '201'],
  DELETE: ['200', '202', '204', '207'],
}

export const fitMethod: Rule = {
  id: 'statuses/fit-method',
  level: 'error',
  title: 'A status says what the method did',
  reason:
    'Programs act on the status before they read anything: a GET that answers 201 makes them believe that it created something.',
  fix: 'GET 200; POST 201 with Location where it creates, else 200 or 202; PUT 200, 201 or 204; PATCH 200 or 204; DELETE 204.',
  *check({ operations }) {
    for (const { method, path, responses } of operations)
      for (const { status, pointer } of responses)
        if (/^2\d\d$/.test(status) && fitting[method]?.includes(status) === false)
          yield { pointer, message: `${method} ${path} answers ${status}, which does not fit ${method}.` }
  },
}

const noContent: ReadonlySet<string> = new Set(['204', '205', '304'])

export const contentFits: Rule = {
  id: 'statuses/no-content',
  level: 'error',
  title: 'A status without content has none',
  reason:
    'What is sent after a 204 or a 304 is not read, or is read as the next answer on the connection (RFC 9110 §15.3.5).',
  fix: 'Answer 200 where there is something to say.',
  *check({ operations }) {
    for (const { method, path, responses } of operations)
      for (const { status, content, pointer } of responses)
        if (noContent.has(status) && Object.keys(content).length > 0)
          yield { pointer, message: `${status} of ${method} ${path} is described with content.` }
  },
}

export const location: Rule = {
  id: 'statuses/location',
  level: 'warning',
  title: '201 says where what was created is',
  reason: 'Without Location a caller has to guess the address of what it has just made (RFC 9110 §15.3.2).',
  fix: 'Send Location with every 201 to a POST.',
  *check({ operations }) {
    for (const { method, path, responses } of operations)
      for (const { status, headers, pointer } of responses)
        if (method === 'POST' && status === '201' && !headers.includes('location'))
          yield { pointer, message: `201 of POST ${path} has no Location.` }
  },
}

export const createdFits: Rule = {
  id: 'statuses/created',
  level: 'warning',
  title: 'A POST to a collection that creates answers 201',
  reason: 'A 200 does not tell a program whether anything was created, nor where.',
  fix: 'Answer 201 with Location; 202 where it will be created later.',
  *check({ operations, paths }) {
    for (const { method, path, responses, pointer } of operations) {
      const isCollection = paths.some(each => each.path.startsWith(`${path}/{`) && isGiven(each.segments.at(-1) ?? ''))
      if (method !== 'POST' || !isCollection || responses.some(creates)) continue
      yield { pointer, message: `POST ${path} has neither 201 nor 202.` }
    }
  },
}

const creates = ({ status }: Response): boolean => ['201', '202', '207', '2XX', '303'].includes(status)

export const mistakesTold: Rule = {
  id: 'statuses/mistakes-told',
  level: 'warning',
  title: 'What callers can do wrong is described',
  reason: 'Who is only told of 200 writes a program that knows nothing else.',
  fix: 'Describe the 4xx answers: 400 for what cannot be read, 404 for what is not there, 409, 412, 422, 429 where they happen.',
  *check({ operations }) {
    for (const operation of operations) {
      const { method, path, responses, pointer } = operation
      if (responses.some(({ status }) => status.startsWith('4') || status === 'default') || !canFail(operation))
        continue
      yield { pointer, message: `${method} ${path} describes no 4xx answer.` }
    }
  },
}

const canFail = ({ hasContent, parameters }: Operation): boolean => hasContent || parameters.length > 0

export const noContentToRead: Rule = {
  id: 'methods/no-content-to-read',
  level: 'error',
  title: 'GET, HEAD and DELETE are asked without content',
  reason: 'Content of these has no meaning of its own; proxies drop it and servers refuse it (RFC 9110 §9.3.1).',
  fix: 'Put what is asked in the query; where it is too much for that, use QUERY (RFC 10008).',
  *check({ operations }) {
    for (const { method, path, hasContent, pointer } of operations)
      if (hasContent && ['GET', 'HEAD', 'DELETE'].includes(method))
        yield { pointer, message: `${method} ${path} is described with content.` }
  },
}
