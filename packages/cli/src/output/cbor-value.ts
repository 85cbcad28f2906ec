// RFC 8949 §6.1: CBOR as the values that JSON has. Byte strings become base64url, whatever JSON has not becomes null.
import { decode } from 'cborg'

/** @throws Error where it is not well-formed, or has keys that are no text */
export function valueOfCbor(content: Uint8Array): unknown {
  return plain(decode(content, { allowBigInt: true, allowIndefinite: true, tags }))
}

type Decode = () => unknown

/** §3.4: dates stay the text or number that they are, big numbers become whole ones, what is only marked is itself. */
const tags: { [tag: number]: (inner: Decode) => unknown } = {
  0: inner => inner(),
  1: inner => inner(),
  2: inner => bigOf(inner()),
  3: inner => -1n - bigOf(inner()),
  4: inner => decimalOf(inner()),
  55799: inner => inner(),
}

function bigOf(bytes: unknown): bigint {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('a big number has bytes')
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** §3.4.4: [exponent, mantissa], as text with all of its digits. */
function decimalOf(parts: unknown): string {
  const [exponent, mantissa] = Array.isArray(parts) ? parts : []
  if (typeof exponent !== 'number' || Math.abs(exponent) > 1000 || !/^(?:number|bigint)$/.test(typeof mantissa))
    throw new TypeError('a decimal fraction has an exponent and a whole number')
  const sign = mantissa < 0 ? '-' : ''
  const digits = String(mantissa).replace('-', '')
  if (exponent >= 0) return sign + digits + '0'.repeat(digits === '0' ? 0 : exponent)
  const padded = digits.padStart(1 - exponent, '0')
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url')
  if (Array.isArray(value)) return value.map(plain)
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return null
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
}
