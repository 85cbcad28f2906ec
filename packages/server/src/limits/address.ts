// Whose an address is, as far as limits go.
import { isIPv4, isIPv6 } from 'node:net'

/** Who has one IPv6 address has the 2^64 beside it; one that stands for an IPv4 address is that. */
export function nameOfAddress(address: string): string {
  const [, mapped = ''] = /^::ffff:([0-9.]+)$/i.exec(address) ?? []
  if (isIPv4(mapped)) return mapped
  const [bare = ''] = address.split('%')
  return isIPv6(bare) ? `${networkOf(bare)}::/64` : address
}

function networkOf(address: string): string {
  const [before = '', later] = address.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [first, last] = [groups(before), groups(later)]
  // An IPv4 address at the end takes the place of two groups.
  const length = first.length + last.length + (address.includes('.') ? 1 : 0)
  const all = later === undefined ? first : [...first, ...Array(Math.max(0, 8 - length)).fill('0'), ...last]
  return all
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}
