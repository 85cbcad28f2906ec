import assert from 'node:assert/strict'
import { test } from 'node:test'
import { believed, parseForwarded } from './forwarded.ts'

test('Forwarded is read as RFC 7239 has it', () => {
  for (const [field, elements] of [
    [undefined, []],
    ['for="_gazonk"', [{ for: '_gazonk' }]],
    ['For="[2001:db8:cafe::17]:4711"', [{ for: '2001:db8:cafe::17' }]],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', [{ for: '192.0.2.60', proto: 'http', by: '203.0.113.43' }]],
    ['for=192.0.2.43, for=198.51.100.17', [{ for: '192.0.2.43' }, { for: '198.51.100.17' }]],
    ['for="192.0.2.43:47011" ; host="a.example:80"', [{ for: '192.0.2.43', host: 'a.example:80' }]],
    ['for=unknown', [{ for: 'unknown' }]],
    ['for=192.0.2.43;for=192.0.2.44', []],
    ['for=[2001:db8::1]', []],
    ['for="192.0.2.43', []],
    ['for=a b', []],
    ['for', []],
    ['=a', []],
  ] as const)
    assert.deepEqual(parseForwarded(field), elements, String(field))
})

test('it is believed as far as those who say it are trusted', () => {
  const trusted = (address: string) => address.startsWith('10.')
  const elements = parseForwarded('for=1.1.1.1;host=evil, for=2.2.2.2;host=a;proto=https, for=10.0.0.2')
  assert.equal(believed(elements, '3.3.3.3', trusted), undefined)
  assert.deepEqual(believed(elements, '10.0.0.1', trusted), { for: '2.2.2.2', host: 'a', proto: 'https' })
  assert.deepEqual(believed(parseForwarded('for=1.1.1.1, proto=https'), '10.0.0.1', trusted), { proto: 'https' })
  assert.equal(believed([], '10.0.0.1', trusted), undefined)
})
