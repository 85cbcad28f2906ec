import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basicCredentials, basicUser } from './basic.ts'
import { formatCredentials, parseCredentials } from './challenge.ts'

const rows: readonly (readonly [string, string, string, string | undefined])[] = [
  ['RFC 7617 §2', 'Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ['RFC 7617 §2.1', 'test', '123£', 'Basic dGVzdDoxMjPCow=='],
  ['decomposed letters are composed', 'Jose\u0301', 'x', 'Basic Sm9zw6k6eA=='],
  ['a colon in the password', 'a', 'b:c', 'Basic YTpiOmM='],
  ['nothing', '', '', 'Basic Og=='],
  ['a colon in the user-id', 'a:b', 'c', undefined],
  ['a line end', 'a', 'b\n', undefined],
]
for (const [name, userId, password, expected] of rows) {
  test(`Basic: ${name}`, () => {
    const credentials = basicCredentials(userId, password)
    assert.equal(credentials && formatCredentials(credentials), expected)
    const read = expected === undefined ? undefined : parseCredentials(expected)
    if (read) assert.deepEqual(basicUser(read), { userId: userId.normalize('NFC'), password })
  })
}

for (const field of ['Basic !', 'Bearer YTpi', 'Basic YWI=', 'Basic //o6', 'Basic YToK', 'Basic a']) {
  test(`Basic: nobody is named by ${field}`, () => {
    const credentials = parseCredentials(field)
    assert.equal(credentials && basicUser(credentials), undefined)
  })
}
