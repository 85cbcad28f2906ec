// RFC 6585 §3 on top of RFC 9110 §13.2.2: rates are only written by who says which state they read.
import { describe } from 'node:test'
import { fixRate, serving, startBank } from '../support/bank.ts'
import { matrix } from '../support/matrix.ts'
import { itemSubject, listSubject } from '../support/subjects.ts'

describe('an item that requires preconditions', () => {
  const bank = serving(startBank)
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                200  200   405    405   428  428    428     204      405
  If-Match current                                    200  200   405    405   200  200    204     204      405
  If-Match stale                                      412  412   405    405   412  412    412     204      405
  If-Match other representation                       200  200   405    405   200  200    204     204      405
  If-Match current in a list                          200  200   405    405   200  200    204     204      405
  If-Match on two lines                               200  200   405    405   200  200    204     204      405
  If-Match inside another tag                         412  412   405    405   412  412    412     204      405
  If-Match weak current                               412  412   405    405   412  412    412     204      405
  If-Match *                                          200  200   405    405   200  200    204     204      405
  If-Match * in quotes                                412  412   405    405   412  412    412     204      405
  If-Match unquoted                                   400  400   405    405   400  400    400     204      405
  If-Match * in a list                                400  400   405    405   400  400    400     204      405
  If-None-Match current                               304  304   405    405   412  412    412     204      405
  If-None-Match stale                                 200  200   405    405   200  200    204     204      405
  If-None-Match other representation                  200  200   405    405   200  200    204     204      405
  If-None-Match current in a list                     304  304   405    405   412  412    412     204      405
  If-None-Match on two lines                          304  304   405    405   412  412    412     204      405
  If-None-Match inside another tag                    200  200   405    405   200  200    204     204      405
  If-None-Match weak current                          304  304   405    405   412  412    412     204      405
  If-None-Match *                                     304  304   405    405   412  412    412     204      405
  If-None-Match unquoted                              400  400   405    405   400  400    400     204      405
  If-Modified-Since before, IMF-fixdate               200  200   405    405   428  428    428     204      405
  If-Modified-Since at, IMF-fixdate                   304  304   405    405   428  428    428     204      405
  If-Modified-Since after, IMF-fixdate                304  304   405    405   428  428    428     204      405
  If-Modified-Since before, RFC 850                   200  200   405    405   428  428    428     204      405
  If-Modified-Since at, RFC 850                       304  304   405    405   428  428    428     204      405
  If-Modified-Since after, RFC 850                    304  304   405    405   428  428    428     204      405
  If-Modified-Since before, asctime                   200  200   405    405   428  428    428     204      405
  If-Modified-Since at, asctime                       304  304   405    405   428  428    428     204      405
  If-Modified-Since after, asctime                    304  304   405    405   428  428    428     204      405
  If-Modified-Since unreadable                        200  200   405    405   428  428    428     204      405
  If-Unmodified-Since before, IMF-fixdate             412  412   405    405   412  412    412     204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   405    405   200  200    204     204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   405    405   200  200    204     204      405
  If-Unmodified-Since before, RFC 850                 412  412   405    405   412  412    412     204      405
  If-Unmodified-Since at, RFC 850                     200  200   405    405   200  200    204     204      405
  If-Unmodified-Since after, RFC 850                  200  200   405    405   200  200    204     204      405
  If-Unmodified-Since before, asctime                 412  412   405    405   412  412    412     204      405
  If-Unmodified-Since at, asctime                     200  200   405    405   200  200    204     204      405
  If-Unmodified-Since after, asctime                  200  200   405    405   200  200    204     204      405
  If-Unmodified-Since unreadable                      200  200   405    405   428  428    428     204      405
  If-Match current, If-Unmodified-Since before        200  200   405    405   200  200    204     204      405
  If-Match stale, If-Unmodified-Since after           412  412   405    405   412  412    412     204      405
  If-Match current, If-None-Match current             304  304   405    405   412  412    412     204      405
  If-Match stale, If-None-Match current               412  412   405    405   412  412    412     204      405
  If-None-Match stale, If-Modified-Since after        200  200   405    405   200  200    204     204      405
  If-None-Match current, If-Modified-Since before     304  304   405    405   412  412    412     204      405
  If-Unmodified-Since after, If-Modified-Since after  304  304   405    405   200  200    204     204      405
  If-Unmodified-Since before, If-None-Match current   412  412   405    405   412  412    412     204      405
  If-Range current                                    200  200   405    405   428  428    428     204      405
  `
  matrix(table, bank.call, async () => {
    const { path, etag, item } = await fixRate(bank)
    await bank.call('PATCH', path, { 'if-match': etag }, { rate: '2' })
    return itemSubject(bank, path, etag, { PUT: { body: { ...item, rate: '3' } }, PATCH: { body: { rate: '4' } } })
  })
})

describe('a collection that requires preconditions', () => {
  const bank = serving(startBank)
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  DELETE*  OPTIONS  TRACE
  none                                                200  200   200    405   428  428    428     428      204      405
  If-Match current                                    200  200   200    405   200  200    204     204      204      405
  If-Match stale                                      412  412   412    405   412  412    412     412      204      405
  If-Match other representation                       200  200   200    405   200  200    204     204      204      405
  If-Match current in a list                          200  200   200    405   200  200    204     204      204      405
  If-Match on two lines                               200  200   200    405   200  200    204     204      204      405
  If-Match inside another tag                         412  412   412    405   412  412    412     412      204      405
  If-Match weak current                               412  412   412    405   412  412    412     412      204      405
  If-Match *                                          200  200   200    405   200  200    204     204      204      405
  If-Match * in quotes                                412  412   412    405   412  412    412     412      204      405
  If-Match unquoted                                   400  400   400    405   400  400    400     400      204      405
  If-Match * in a list                                400  400   400    405   400  400    400     400      204      405
  If-None-Match current                               304  304   304    405   412  412    412     428      204      405
  If-None-Match stale                                 200  200   200    405   200  200    204     428      204      405
  If-None-Match other representation                  200  200   200    405   200  200    204     428      204      405
  If-None-Match current in a list                     304  304   304    405   412  412    412     428      204      405
  If-None-Match on two lines                          304  304   304    405   412  412    412     428      204      405
  If-None-Match inside another tag                    200  200   200    405   200  200    204     428      204      405
  If-None-Match weak current                          304  304   304    405   412  412    412     428      204      405
  If-None-Match *                                     304  304   304    405   412  412    412     428      204      405
  If-None-Match unquoted                              400  400   400    405   400  400    400     428      204      405
  If-Modified-Since before, IMF-fixdate               200  200   200    405   428  428    428     428      204      405
  If-Modified-Since at, IMF-fixdate                   304  304   304    405   428  428    428     428      204      405
  If-Modified-Since after, IMF-fixdate                304  304   304    405   428  428    428     428      204      405
  If-Modified-Since before, RFC 850                   200  200   200    405   428  428    428     428      204      405
  If-Modified-Since at, RFC 850                       304  304   304    405   428  428    428     428      204      405
  If-Modified-Since after, RFC 850                    304  304   304    405   428  428    428     428      204      405
  If-Modified-Since before, asctime                   200  200   200    405   428  428    428     428      204      405
  If-Modified-Since at, asctime                       304  304   304    405   428  428    428     428      204      405
  If-Modified-Since after, asctime                    304  304   304    405   428  428    428     428      204      405
  If-Modified-Since unreadable                        200  200   200    405   428  428    428     428      204      405
  If-Unmodified-Since before, IMF-fixdate             412  412   412    405   412  412    412     428      204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since before, RFC 850                 412  412   412    405   412  412    412     428      204      405
  If-Unmodified-Since at, RFC 850                     200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since after, RFC 850                  200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since before, asctime                 412  412   412    405   412  412    412     428      204      405
  If-Unmodified-Since at, asctime                     200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since after, asctime                  200  200   200    405   200  200    204     428      204      405
  If-Unmodified-Since unreadable                      200  200   200    405   428  428    428     428      204      405
  If-Match current, If-Unmodified-Since before        200  200   200    405   200  200    204     204      204      405
  If-Match stale, If-Unmodified-Since after           412  412   412    405   412  412    412     412      204      405
  If-Match current, If-None-Match current             304  304   304    405   412  412    412     412      204      405
  If-Match stale, If-None-Match current               412  412   412    405   412  412    412     412      204      405
  If-None-Match stale, If-Modified-Since after        200  200   200    405   200  200    204     428      204      405
  If-None-Match current, If-Modified-Since before     304  304   304    405   412  412    412     428      204      405
  If-Unmodified-Since after, If-Modified-Since after  304  304   304    405   200  200    204     428      204      405
  If-Unmodified-Since before, If-None-Match current   412  412   412    405   412  412    412     428      204      405
  If-Range current                                    200  200   200    405   428  428    428     428      204      405
  `
  matrix(table, bank.call, async () => {
    const before = await bank.call('HEAD', '/rates')
    const { item } = await fixRate(bank)
    return listSubject(bank, '/rates', before.fields.etag, {
      QUERY: { body: { limit: 1 } },
      PUT: { body: [{ ...item, rate: '3' }] },
      PATCH: { body: [{ id: item.id, rate: '4' }] },
      DELETE: { words: `?base=${item.base}&quote=${item.quote}` },
    })
  })
})
