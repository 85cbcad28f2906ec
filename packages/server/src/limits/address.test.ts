import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOfAddress } from './address.ts'

test('an IPv6 address counts as the network that its owner has, an IPv4 address as itself', () => {
  for (const [address, name] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
    ['', ''],
  ] as const)
    assert.equal(nameOfAddress(address), name, address)
})
