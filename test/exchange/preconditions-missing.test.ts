// RFC 9110 §13.2.2 where there is nothing: an id that never was, and one that was deleted.
import { describe } from 'node:test'
import { openAccount, serving, startBank } from '../support/bank.ts'
import { matrix, noTag, type Subject } from '../support/matrix.ts'

const allow = 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'
const body = { type: 'current', name: 'Put', currency: 'EUR' }

const missing = (path: string, stale: string, modified: number): Subject => ({
  path,
  known: { current: noTag, stale, other: '"1-csv"', modified },
  allow,
  asks: { PUT: { body }, PATCH: { body: { name: 'Patched' } } },
})

describe('an item that never was', () => {
  const bank = serving(startBank)
  let last = 0
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                404  404   405    405   404  404    404     204      405
  If-Match current                                    404  404   405    405   404  404    404     204      405
  If-Match stale                                      404  404   405    405   404  404    404     204      405
  If-Match other representation                       404  404   405    405   404  404    404     204      405
  If-Match current in a list                          404  404   405    405   404  404    404     204      405
  If-Match on two lines                               404  404   405    405   404  404    404     204      405
  If-Match inside another tag                         404  404   405    405   404  404    404     204      405
  If-Match weak current                               404  404   405    405   404  404    404     204      405
  If-Match *                                          404  404   405    405   404  404    404     204      405
  If-Match * in quotes                                404  404   405    405   404  404    404     204      405
  If-Match unquoted                                   404  404   405    405   404  404    404     204      405
  If-Match * in a list                                404  404   405    405   404  404    404     204      405
  If-None-Match current                               404  404   405    405   404  404    404     204      405
  If-None-Match stale                                 404  404   405    405   404  404    404     204      405
  If-None-Match other representation                  404  404   405    405   404  404    404     204      405
  If-None-Match current in a list                     404  404   405    405   404  404    404     204      405
  If-None-Match on two lines                          404  404   405    405   404  404    404     204      405
  If-None-Match inside another tag                    404  404   405    405   404  404    404     204      405
  If-None-Match weak current                          404  404   405    405   404  404    404     204      405
  If-None-Match *                                     404  404   405    405   201  404    404     204      405
  If-None-Match unquoted                              404  404   405    405   404  404    404     204      405
  If-Modified-Since before, IMF-fixdate               404  404   405    405   404  404    404     204      405
  If-Modified-Since at, IMF-fixdate                   404  404   405    405   404  404    404     204      405
  If-Modified-Since after, IMF-fixdate                404  404   405    405   404  404    404     204      405
  If-Modified-Since before, RFC 850                   404  404   405    405   404  404    404     204      405
  If-Modified-Since at, RFC 850                       404  404   405    405   404  404    404     204      405
  If-Modified-Since after, RFC 850                    404  404   405    405   404  404    404     204      405
  If-Modified-Since before, asctime                   404  404   405    405   404  404    404     204      405
  If-Modified-Since at, asctime                       404  404   405    405   404  404    404     204      405
  If-Modified-Since after, asctime                    404  404   405    405   404  404    404     204      405
  If-Modified-Since unreadable                        404  404   405    405   404  404    404     204      405
  If-Unmodified-Since before, IMF-fixdate             404  404   405    405   404  404    404     204      405
  If-Unmodified-Since at, IMF-fixdate                 404  404   405    405   404  404    404     204      405
  If-Unmodified-Since after, IMF-fixdate              404  404   405    405   404  404    404     204      405
  If-Unmodified-Since before, RFC 850                 404  404   405    405   404  404    404     204      405
  If-Unmodified-Since at, RFC 850                     404  404   405    405   404  404    404     204      405
  If-Unmodified-Since after, RFC 850                  404  404   405    405   404  404    404     204      405
  If-Unmodified-Since before, asctime                 404  404   405    405   404  404    404     204      405
  If-Unmodified-Since at, asctime                     404  404   405    405   404  404    404     204      405
  If-Unmodified-Since after, asctime                  404  404   405    405   404  404    404     204      405
  If-Unmodified-Since unreadable                      404  404   405    405   404  404    404     204      405
  If-Match current, If-Unmodified-Since before        404  404   405    405   404  404    404     204      405
  If-Match stale, If-Unmodified-Since after           404  404   405    405   404  404    404     204      405
  If-Match current, If-None-Match current             404  404   405    405   404  404    404     204      405
  If-Match stale, If-None-Match current               404  404   405    405   404  404    404     204      405
  If-None-Match stale, If-Modified-Since after        404  404   405    405   404  404    404     204      405
  If-None-Match current, If-Modified-Since before     404  404   405    405   404  404    404     204      405
  If-Unmodified-Since after, If-Modified-Since after  404  404   405    405   404  404    404     204      405
  If-Unmodified-Since before, If-None-Match current   404  404   405    405   404  404    404     204      405
  If-Range current                                    404  404   405    405   404  404    404     204      405
  `
  matrix(table, bank.call, async () => {
    const id = `0199d4a8-0000-7000-8000-${String(last++).padStart(12, '0')}`
    return missing(`/accounts/${id}`, '"0-json"', Date.now())
  })
})

describe('an item that was deleted', () => {
  const bank = serving(startBank)
  const table = `
  condition                                           GET  HEAD  QUERY  POST  PUT  PATCH  DELETE  OPTIONS  TRACE
  none                                                410  410   405    405   410  410    410     204      405
  If-Match current                                    410  410   405    405   410  410    410     204      405
  If-Match stale                                      410  410   405    405   410  410    410     204      405
  If-Match other representation                       410  410   405    405   410  410    410     204      405
  If-Match current in a list                          410  410   405    405   410  410    410     204      405
  If-Match on two lines                               410  410   405    405   410  410    410     204      405
  If-Match inside another tag                         410  410   405    405   410  410    410     204      405
  If-Match weak current                               410  410   405    405   410  410    410     204      405
  If-Match *                                          410  410   405    405   410  410    410     204      405
  If-Match * in quotes                                410  410   405    405   410  410    410     204      405
  If-Match unquoted                                   410  410   405    405   410  410    410     204      405
  If-Match * in a list                                410  410   405    405   410  410    410     204      405
  If-None-Match current                               410  410   405    405   410  410    410     204      405
  If-None-Match stale                                 410  410   405    405   410  410    410     204      405
  If-None-Match other representation                  410  410   405    405   410  410    410     204      405
  If-None-Match current in a list                     410  410   405    405   410  410    410     204      405
  If-None-Match on two lines                          410  410   405    405   410  410    410     204      405
  If-None-Match inside another tag                    410  410   405    405   410  410    410     204      405
  If-None-Match weak current                          410  410   405    405   410  410    410     204      405
  If-None-Match *                                     410  410   405    405   201  410    410     204      405
  If-None-Match unquoted                              410  410   405    405   410  410    410     204      405
  If-Modified-Since before, IMF-fixdate               410  410   405    405   410  410    410     204      405
  If-Modified-Since at, IMF-fixdate                   410  410   405    405   410  410    410     204      405
  If-Modified-Since after, IMF-fixdate                410  410   405    405   410  410    410     204      405
  If-Modified-Since before, RFC 850                   410  410   405    405   410  410    410     204      405
  If-Modified-Since at, RFC 850                       410  410   405    405   410  410    410     204      405
  If-Modified-Since after, RFC 850                    410  410   405    405   410  410    410     204      405
  If-Modified-Since before, asctime                   410  410   405    405   410  410    410     204      405
  If-Modified-Since at, asctime                       410  410   405    405   410  410    410     204      405
  If-Modified-Since after, asctime                    410  410   405    405   410  410    410     204      405
  If-Modified-Since unreadable                        410  410   405    405   410  410    410     204      405
  If-Unmodified-Since before, IMF-fixdate             410  410   405    405   410  410    410     204      405
  If-Unmodified-Since at, IMF-fixdate                 410  410   405    405   410  410    410     204      405
  If-Unmodified-Since after, IMF-fixdate              410  410   405    405   410  410    410     204      405
  If-Unmodified-Since before, RFC 850                 410  410   405    405   410  410    410     204      405
  If-Unmodified-Since at, RFC 850                     410  410   405    405   410  410    410     204      405
  If-Unmodified-Since after, RFC 850                  410  410   405    405   410  410    410     204      405
  If-Unmodified-Since before, asctime                 410  410   405    405   410  410    410     204      405
  If-Unmodified-Since at, asctime                     410  410   405    405   410  410    410     204      405
  If-Unmodified-Since after, asctime                  410  410   405    405   410  410    410     204      405
  If-Unmodified-Since unreadable                      410  410   405    405   410  410    410     204      405
  If-Match current, If-Unmodified-Since before        410  410   405    405   410  410    410     204      405
  If-Match stale, If-Unmodified-Since after           410  410   405    405   410  410    410     204      405
  If-Match current, If-None-Match current             410  410   405    405   410  410    410     204      405
  If-Match stale, If-None-Match current               410  410   405    405   410  410    410     204      405
  If-None-Match stale, If-Modified-Since after        410  410   405    405   410  410    410     204      405
  If-None-Match current, If-Modified-Since before     410  410   405    405   410  410    410     204      405
  If-Unmodified-Since after, If-Modified-Since after  410  410   405    405   410  410    410     204      405
  If-Unmodified-Since before, If-None-Match current   410  410   405    405   410  410    410     204      405
  If-Range current                                    410  410   405    405   410  410    410     204      405
  `
  matrix(table, bank.call, async () => {
    const { path, etag, item } = await openAccount(bank)
    await bank.call('DELETE', path)
    return missing(path, etag, Date.parse(item.updatedAt))
  })
})
