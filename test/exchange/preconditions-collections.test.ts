// RFC 9110 §13.2.2 for collections: every method with every precondition. `DELETE*` has no filter: it means every item.
import { describe } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { matrix } from '../support/matrix.ts'
import { listSubject } from '../support/subjects.ts'

describe('a collection', () => {
  const bank = serving(startBank)
  let last = 0
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  DELETE*  OPTIONS  TRACE
  none                                                200  200   200    201   200  200    204     428      204      405
  If-Match current                                    200  200   200    201   200  200    204     204      204      405
  If-Match stale                                      412  412   412    412   412  412    412     412      204      405
  If-Match other representation                       200  200   200    201   200  200    204     204      204      405
  If-Match current in a list                          200  200   200    201   200  200    204     204      204      405
  If-Match on two lines                               200  200   200    201   200  200    204     204      204      405
  If-Match inside another tag                         412  412   412    412   412  412    412     412      204      405
  If-Match weak current                               412  412   412    412   412  412    412     412      204      405
  If-Match *                                          200  200   200    201   200  200    204     204      204      405
  If-Match * in quotes                                412  412   412    412   412  412    412     412      204      405
  If-Match unquoted                                   400  400   400    400   400  400    400     400      204      405
  If-Match * in a list                                400  400   400    400   400  400    400     400      204      405
  If-None-Match current                               304  304   304    412   412  412    412     428      204      405
  If-None-Match stale                                 200  200   200    201   200  200    204     428      204      405
  If-None-Match other representation                  200  200   200    201   200  200    204     428      204      405
  If-None-Match current in a list                     304  304   304    412   412  412    412     428      204      405
  If-None-Match on two lines                          304  304   304    412   412  412    412     428      204      405
  If-None-Match inside another tag                    200  200   200    201   200  200    204     428      204      405
  If-None-Match weak current                          304  304   304    412   412  412    412     428      204      405
  If-None-Match *                                     304  304   304    412   412  412    412     428      204      405
  If-None-Match unquoted                              400  400   400    400   400  400    400     428      204      405
  If-Modified-Since before, IMF-fixdate               200  200   200    201   200  200    204     428      204      405
  If-Modified-Since at, IMF-fixdate                   304  304   304    201   200  200    204     428      204      405
  If-Modified-Since after, IMF-fixdate                304  304   304    201   200  200    204     428      204      405
  If-Modified-Since before, RFC 850                   200  200   200    201   200  200    204     428      204      405
  If-Modified-Since at, RFC 850                       304  304   304    201   200  200    204     428      204      405
  If-Modified-Since after, RFC 850                    304  304   304    201   200  200    204     428      204      405
  If-Modified-Since before, asctime                   200  200   200    201   200  200    204     428      204      405
  If-Modified-Since at, asctime                       304  304   304    201   200  200    204     428      204      405
  If-Modified-Since after, asctime                    304  304   304    201   200  200    204     428      204      405
  If-Modified-Since unreadable                        200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since before, IMF-fixdate             412  412   412    412   412  412    412     428      204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since before, RFC 850                 412  412   412    412   412  412    412     428      204      405
  If-Unmodified-Since at, RFC 850                     200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since after, RFC 850                  200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since before, asctime                 412  412   412    412   412  412    412     428      204      405
  If-Unmodified-Since at, asctime                     200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since after, asctime                  200  200   200    201   200  200    204     428      204      405
  If-Unmodified-Since unreadable                      200  200   200    201   200  200    204     428      204      405
  If-Match current, If-Unmodified-Since before        200  200   200    201   200  200    204     204      204      405
  If-Match stale, If-Unmodified-Since after           412  412   412    412   412  412    412     412      204      405
  If-Match current, If-None-Match current             304  304   304    412   412  412    412     412      204      405
  If-Match stale, If-None-Match current               412  412   412    412   412  412    412     412      204      405
  If-None-Match stale, If-Modified-Since after        200  200   200    201   200  200    204     428      204      405
  If-None-Match current, If-Modified-Since before     304  304   304    412   412  412    412     428      204      405
  If-Unmodified-Since after, If-Modified-Since after  304  304   304    201   200  200    204     428      204      405
  If-Unmodified-Since before, If-None-Match current   412  412   412    412   412  412    412     428      204      405
  If-Range current                                    200  200   200    201   200  200    204     428      204      405
  `
  matrix(table, bank.call, async () => {
    const name = `Account ${last++}`
    const before = await bank.call('HEAD', '/accounts')
    const { item } = await openAccount(bank, { name })
    const words = `?name=${encodeURIComponent(name)}`
    return listSubject(bank, '/accounts', before.fields.etag, {
      QUERY: { body: { limit: 2 } },
      POST: { body: { type: 'current', name: 'Posted', currency: 'EUR' } },
      PUT: { body: [{ id: item.id, type: 'savings', name, currency: 'EUR' }] },
      PATCH: { body: [{ id: item.id, currency: 'CNY' }] },
      DELETE: { words },
    })
  })
})
