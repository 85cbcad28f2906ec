// The phone may speak XML: structured members are elements all the way down.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bankOnDisk, newAccount, newTransaction } from './phone.ts'

const { ask, change, get, open, balanceOf, tokenNow } = bankOnDisk()

const rename = (id: string) => change(`/accounts/${id}`, { name: 'Here' })

describe('a synchronisation in XML', () => {
  const xml = { 'content-type': 'application/xml', accept: 'application/xml' }
  const sent = (since: string, inside: string, query = '') =>
    ask('POST', `/synchronize${query}`, xml, `<synchronize><since>${since}</since>${inside}</synchronize>`)

  test('what was done, and what happened', async () => {
    const since = await tokenNow()
    const made = await open('3.00')
    const { id } = newAccount()
    const entry = newTransaction(id, '4.5')
    const { status, text, fields } = await sent(
      since,
      `<accounts><created><account><id>${id}</id><type>savings</type><name>A &amp; B</name><currency>EUR</currency></account></created></accounts>
       <transactions><created><transaction><id>${entry.id}</id><accountId>${id}</accountId><type>credit</type><amount>4.5</amount><date>2014-05-06</date></transaction></created></transactions>`,
    )
    assert.equal(status, 200, text)
    assert.match(fields.get('content-type') ?? '', /^application\/xml/)
    assert.match(text, /<token>[0-9a-z]+\.[0-9a-z]+<\/token><accounts><created><account><id>/)
    assert.ok(text.includes(`<created><account><id>${made}</id><type>current</type><name>Test</name>`))
    assert.ok(
      text.includes(
        `<changed><account><id>${id}</id><type>savings</type><name>A &amp; B</name><currency>EUR</currency><balance>4.50</balance>`,
      ),
    )
    assert.ok(
      text.includes(
        `<accountId>${made}</accountId><type>credit</type><amount>3.00</amount><date>2014-01-01</date><description xsi:nil="true"/>`,
      ),
    )
    assert.ok(!text.includes(entry.id))
    assert.equal(await balanceOf(id), '4.50')
  })

  test('conflicts, and who wins', async () => {
    const id = await open()
    const since = await tokenNow()
    await rename(id)
    const inside = `<accounts><changed><account><id>${id}</id><name>Phone</name></account></changed></accounts>`
    const { status, text } = await sent(since, inside)
    assert.equal(status, 409)
    assert.match(text, /<code>sync-conflict<\/code>/)
    assert.match(text, /<members><i>name<\/i><\/members><client><id>[^<]+<\/id><name>Phone<\/name><\/client>/)
    assert.match(text, /<server><id>[^<]+<\/id><type>current<\/type><name>Here<\/name>/)
    assert.equal((await sent(since, inside, '?prefer=client')).status, 200)
    assert.equal((await get(`/accounts/${id}`)).name, 'Phone')
  })

  test('a fault by its place', async () => {
    const since = await tokenNow()
    const wrong = await sent(since, '<accounts><created><acount/></created></accounts>')
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /Expected the element account but found acount/)
    const bad = await sent(
      since,
      '<accounts><changed><account><id>x</id><type>gold</type></account></changed></accounts>',
    )
    assert.equal(bad.status, 400)
    assert.match(bad.text, /<pointer>\/accounts\/changed\/0\/type<\/pointer>/)
  })
})
