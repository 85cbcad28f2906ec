// A key in a field or in the query, as many services want it. In a query it is seen by every log on the way: servers
// should not ask for that, and here it is put in last, so that nothing of this client ever shows it.
import { secretNames } from '../../exchange/secret-names.ts'
import { type AuthScheme, after, type Secret, told, whoHas, withField } from './scheme.ts'

/**
 * @throws TypeError where the name cannot be that of a field.
 * @example apiKey({ in: 'header', name: 'X-Api-Key', key: secret('env:WEATHER_KEY') })
 */
export function apiKey(given: {
  readonly in: 'header' | 'query'
  readonly name: string
  readonly key: Secret
}): AuthScheme {
  const { name } = given
  secretNames.add(name.toLowerCase())
  if (given.in === 'query') {
    const encoded = encodeURIComponent(name)
    return {
      name: 'API key',
      ...whoHas(given.key, name),
      sign: request =>
        after(told(given.key), key => {
          const mark = request.url.includes('?') ? '&' : '?'
          return { ...request, url: `${request.url}${mark}${encoded}=${encodeURIComponent(key)}` }
        }),
    }
  }
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) throw new TypeError(`“${name}” is no name of a field`)
  const field = name.toLowerCase()
  return {
    name: 'API key',
    ...whoHas(given.key, name),
    sign: request =>
      request.fields[field] === undefined
        ? after(told(given.key), key => withField(request, field, checked(key)))
        : request,
  }
}

function checked(key: string): string {
  if (!/^[\x20-\x7e]+$/.test(key)) throw new TypeError('what was given as a key cannot stand in a field')
  return key
}
