// RFC 9110 §13.2.2 for what has no stored revision: services and the pages of the API itself. They have an entity tag and
// no Last-Modified, so that dates are ignored.
import { describe } from 'node:test'
import { serving, startBank } from '../support/bank.ts'
import { matrix, noTag, type Subject } from '../support/matrix.ts'

const allow = 'GET, HEAD, OPTIONS'

const computed = async (path: string, otherType: string): Promise<Subject> => {
  const { fields } = await bank.call('GET', path)
  const other = await bank.call('GET', path, { accept: otherType })
  const known = { current: fields.etag ?? '', stale: '"stale"', other: other.fields.etag ?? '', modified: Date.now() }
  return { path, known, allow, asks: {} }
}

const bank = serving(startBank)

describe('a service', () => {
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                200  200   405    405   405  405    405     204      405
  If-Match current                                    200  200   405    405   405  405    405     204      405
  If-Match stale                                      412  412   405    405   405  405    405     204      405
  If-Match other representation                       412  412   405    405   405  405    405     204      405
  If-Match current in a list                          200  200   405    405   405  405    405     204      405
  If-Match on two lines                               200  200   405    405   405  405    405     204      405
  If-Match inside another tag                         412  412   405    405   405  405    405     204      405
  If-Match weak current                               412  412   405    405   405  405    405     204      405
  If-Match *                                          200  200   405    405   405  405    405     204      405
  If-Match * in quotes                                412  412   405    405   405  405    405     204      405
  If-Match unquoted                                   400  400   405    405   405  405    405     204      405
  If-Match * in a list                                400  400   405    405   405  405    405     204      405
  If-None-Match current                               304  304   405    405   405  405    405     204      405
  If-None-Match stale                                 200  200   405    405   405  405    405     204      405
  If-None-Match other representation                  200  200   405    405   405  405    405     204      405
  If-None-Match current in a list                     304  304   405    405   405  405    405     204      405
  If-None-Match on two lines                          304  304   405    405   405  405    405     204      405
  If-None-Match inside another tag                    200  200   405    405   405  405    405     204      405
  If-None-Match weak current                          304  304   405    405   405  405    405     204      405
  If-None-Match *                                     304  304   405    405   405  405    405     204      405
  If-None-Match unquoted                              400  400   405    405   405  405    405     204      405
  If-Modified-Since before, IMF-fixdate               200  200   405    405   405  405    405     204      405
  If-Modified-Since at, IMF-fixdate                   200  200   405    405   405  405    405     204      405
  If-Modified-Since after, IMF-fixdate                200  200   405    405   405  405    405     204      405
  If-Modified-Since before, RFC 850                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, RFC 850                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, RFC 850                    200  200   405    405   405  405    405     204      405
  If-Modified-Since before, asctime                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, asctime                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, asctime                    200  200   405    405   405  405    405     204      405
  If-Modified-Since unreadable                        200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, IMF-fixdate             200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, RFC 850                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, RFC 850                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, RFC 850                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, asctime                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, asctime                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, asctime                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since unreadable                      200  200   405    405   405  405    405     204      405
  If-Match current, If-Unmodified-Since before        200  200   405    405   405  405    405     204      405
  If-Match stale, If-Unmodified-Since after           412  412   405    405   405  405    405     204      405
  If-Match current, If-None-Match current             304  304   405    405   405  405    405     204      405
  If-Match stale, If-None-Match current               412  412   405    405   405  405    405     204      405
  If-None-Match stale, If-Modified-Since after        200  200   405    405   405  405    405     204      405
  If-None-Match current, If-Modified-Since before     304  304   405    405   405  405    405     204      405
  If-Unmodified-Since after, If-Modified-Since after  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, If-None-Match current   304  304   405    405   405  405    405     204      405
  If-Range current                                    200  200   405    405   405  405    405     204      405
  `
  matrix(table, bank.call, () => computed('/convert?from=EUR&to=CNY&amount=100', 'application/xml'))
})

describe('a page', () => {
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                200  200   405    405   405  405    405     204      405
  If-Match current                                    200  200   405    405   405  405    405     204      405
  If-Match stale                                      412  412   405    405   405  405    405     204      405
  If-Match other representation                       412  412   405    405   405  405    405     204      405
  If-Match current in a list                          200  200   405    405   405  405    405     204      405
  If-Match on two lines                               200  200   405    405   405  405    405     204      405
  If-Match inside another tag                         412  412   405    405   405  405    405     204      405
  If-Match weak current                               412  412   405    405   405  405    405     204      405
  If-Match *                                          200  200   405    405   405  405    405     204      405
  If-Match * in quotes                                412  412   405    405   405  405    405     204      405
  If-Match unquoted                                   400  400   405    405   405  405    405     204      405
  If-Match * in a list                                400  400   405    405   405  405    405     204      405
  If-None-Match current                               304  304   405    405   405  405    405     204      405
  If-None-Match stale                                 200  200   405    405   405  405    405     204      405
  If-None-Match other representation                  200  200   405    405   405  405    405     204      405
  If-None-Match current in a list                     304  304   405    405   405  405    405     204      405
  If-None-Match on two lines                          304  304   405    405   405  405    405     204      405
  If-None-Match inside another tag                    200  200   405    405   405  405    405     204      405
  If-None-Match weak current                          304  304   405    405   405  405    405     204      405
  If-None-Match *                                     304  304   405    405   405  405    405     204      405
  If-None-Match unquoted                              400  400   405    405   405  405    405     204      405
  If-Modified-Since before, IMF-fixdate               200  200   405    405   405  405    405     204      405
  If-Modified-Since at, IMF-fixdate                   200  200   405    405   405  405    405     204      405
  If-Modified-Since after, IMF-fixdate                200  200   405    405   405  405    405     204      405
  If-Modified-Since before, RFC 850                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, RFC 850                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, RFC 850                    200  200   405    405   405  405    405     204      405
  If-Modified-Since before, asctime                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, asctime                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, asctime                    200  200   405    405   405  405    405     204      405
  If-Modified-Since unreadable                        200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, IMF-fixdate             200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, RFC 850                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, RFC 850                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, RFC 850                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, asctime                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, asctime                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, asctime                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since unreadable                      200  200   405    405   405  405    405     204      405
  If-Match current, If-Unmodified-Since before        200  200   405    405   405  405    405     204      405
  If-Match stale, If-Unmodified-Since after           412  412   405    405   405  405    405     204      405
  If-Match current, If-None-Match current             304  304   405    405   405  405    405     204      405
  If-Match stale, If-None-Match current               412  412   405    405   405  405    405     204      405
  If-None-Match stale, If-Modified-Since after        200  200   405    405   405  405    405     204      405
  If-None-Match current, If-Modified-Since before     304  304   405    405   405  405    405     204      405
  If-Unmodified-Since after, If-Modified-Since after  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, If-None-Match current   304  304   405    405   405  405    405     204      405
  If-Range current                                    200  200   405    405   405  405    405     204      405
  `
  matrix(table, bank.call, () => computed('/problems/not-found', 'text/html'))
})

describe('a page that has no validator', () => {
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                200  200   405    405   405  405    405     204      405
  If-Match current                                    200  200   405    405   405  405    405     204      405
  If-Match stale                                      200  200   405    405   405  405    405     204      405
  If-Match other representation                       200  200   405    405   405  405    405     204      405
  If-Match current in a list                          200  200   405    405   405  405    405     204      405
  If-Match on two lines                               200  200   405    405   405  405    405     204      405
  If-Match inside another tag                         200  200   405    405   405  405    405     204      405
  If-Match weak current                               200  200   405    405   405  405    405     204      405
  If-Match *                                          200  200   405    405   405  405    405     204      405
  If-Match * in quotes                                200  200   405    405   405  405    405     204      405
  If-Match unquoted                                   200  200   405    405   405  405    405     204      405
  If-Match * in a list                                200  200   405    405   405  405    405     204      405
  If-None-Match current                               200  200   405    405   405  405    405     204      405
  If-None-Match stale                                 200  200   405    405   405  405    405     204      405
  If-None-Match other representation                  200  200   405    405   405  405    405     204      405
  If-None-Match current in a list                     200  200   405    405   405  405    405     204      405
  If-None-Match on two lines                          200  200   405    405   405  405    405     204      405
  If-None-Match inside another tag                    200  200   405    405   405  405    405     204      405
  If-None-Match weak current                          200  200   405    405   405  405    405     204      405
  If-None-Match *                                     200  200   405    405   405  405    405     204      405
  If-None-Match unquoted                              200  200   405    405   405  405    405     204      405
  If-Modified-Since before, IMF-fixdate               200  200   405    405   405  405    405     204      405
  If-Modified-Since at, IMF-fixdate                   200  200   405    405   405  405    405     204      405
  If-Modified-Since after, IMF-fixdate                200  200   405    405   405  405    405     204      405
  If-Modified-Since before, RFC 850                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, RFC 850                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, RFC 850                    200  200   405    405   405  405    405     204      405
  If-Modified-Since before, asctime                   200  200   405    405   405  405    405     204      405
  If-Modified-Since at, asctime                       200  200   405    405   405  405    405     204      405
  If-Modified-Since after, asctime                    200  200   405    405   405  405    405     204      405
  If-Modified-Since unreadable                        200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, IMF-fixdate             200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, IMF-fixdate                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, IMF-fixdate              200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, RFC 850                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, RFC 850                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, RFC 850                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, asctime                 200  200   405    405   405  405    405     204      405
  If-Unmodified-Since at, asctime                     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, asctime                  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since unreadable                      200  200   405    405   405  405    405     204      405
  If-Match current, If-Unmodified-Since before        200  200   405    405   405  405    405     204      405
  If-Match stale, If-Unmodified-Since after           200  200   405    405   405  405    405     204      405
  If-Match current, If-None-Match current             200  200   405    405   405  405    405     204      405
  If-Match stale, If-None-Match current               200  200   405    405   405  405    405     204      405
  If-None-Match stale, If-Modified-Since after        200  200   405    405   405  405    405     204      405
  If-None-Match current, If-Modified-Since before     200  200   405    405   405  405    405     204      405
  If-Unmodified-Since after, If-Modified-Since after  200  200   405    405   405  405    405     204      405
  If-Unmodified-Since before, If-None-Match current   200  200   405    405   405  405    405     204      405
  If-Range current                                    200  200   405    405   405  405    405     204      405
  `
  const known = { current: noTag, stale: '"stale"', other: '"other"', modified: Date.now() }
  matrix(table, bank.call, async () => ({ path: '/readyz', known, allow, asks: {} }))
})
