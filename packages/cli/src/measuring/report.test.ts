import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Counter } from '../terminal/counter.ts'
import { bar, drawReport } from './draw-report.ts'
import { histogramOf, type Measured, quantile, reportOf } from './report.ts'

const took = (whole: number, outcome: Measured['outcome'] = 200): Measured => ({
  outcome,
  head: whole / 2,
  whole,
  bytes: 10,
})

describe('quantiles', () => {
  const ascending = Float64Array.from({ length: 200 }, (_, at) => at + 1)
  for (const [q, expected] of [
    [0.5, 100],
    [0.95, 190],
    [0.99, 198],
    [1, 200],
    [0, 1],
  ] as const)
    it(`${q}`, () => assert.equal(quantile(ascending, q), expected))
  it('of one', () => assert.equal(quantile(Float64Array.of(7), 0.99), 7))
})

describe('a histogram', () => {
  it('counts each once, the longest too', () => {
    const bins = histogramOf(Float64Array.of(1, 1.5, 2, 4, 8, 16), 4)
    assert.deepEqual(
      bins.map(({ count }) => count),
      [2, 1, 1, 2],
    )
    assert.deepEqual(
      bins.map(({ from }) => Math.round(from)),
      [1, 2, 4, 8],
    )
    assert.equal(bins.at(-1)?.to, 16)
  })
  it('of equals is one bin', () =>
    assert.deepEqual(histogramOf(Float64Array.of(3, 3), 4), [{ from: 3, to: 3, count: 2 }]))
  it('of none is none', () => assert.deepEqual(histogramOf(new Float64Array(), 4), []))
})

describe('a report', () => {
  it('counts outcomes, and times only what was answered', () => {
    const report = reportOf([took(1), took(2, 503), took(3), took(99, 'timeout'), took(4)], 500)
    assert.deepEqual(report.outcomes, [
      { outcome: 200, count: 3, part: 0.6 },
      { outcome: 503, count: 1, part: 0.2 },
      { outcome: 'timeout', count: 1, part: 0.2 },
    ])
    assert.deepEqual([report.successRate, report.perSecond, report.bytes], [0.6, 10, 50])
    assert.deepEqual(report.whole, { mean: 2.5, min: 1, p50: 2, p95: 4, p99: 4, max: 4 })
  })
  it('is drawn', () => {
    const lines = drawReport(
      reportOf([...Array.from({ length: 999 }, () => took(2)), took(64, 500)], 2000, 2),
      'GET x',
      8,
    ).split('\n')
    assert.deepEqual(lines, [
      'GET x',
      '1,000 requests, 8 at once, in 2,000 ms: 500 a second, 10.0 kB received',
      '',
      '200     999   99.9 %  ████████████████████████████████████████',
      '500       1    0.1 %  ▏',
      'success  99.9 %',
      '',
      '                   mean        p50        p95        p99        max',
      'to the head     1.03 ms    1.00 ms    1.00 ms    1.00 ms    32.0 ms',
      'to the end      2.06 ms    2.00 ms    2.00 ms    2.00 ms    64.0 ms',
      '',
      '  2.00 ms –   11.3 ms  ████████████████████████████████████████ 999',
      '  11.3 ms –   64.0 ms  ▏ 1',
      '',
    ])
  })
  it('of nothing answered has no times', () => {
    assert.match(
      drawReport(reportOf([took(1, 'refused')], 1), 'GET x', 1),
      /refused {2}1 +100\.0 %.*\nsuccess {2}0\.0 %\n$/,
    )
  })
  it('has bars to an eighth', () =>
    assert.deepEqual([bar(0), bar(0.0001), bar(0.5 / 40), bar(1).length], ['', '▏', '▌', 40]))
})

describe('a counter', () => {
  it('tells speed and what is left over the last seconds', () => {
    let now = 0
    const counter = new Counter(100, () => now)
    assert.deepEqual(counter.at(0), { value: 0, speed: 0, eta: undefined })
    now = 2000
    assert.deepEqual(counter.at(20), { value: 20, speed: 10, eta: 8 })
    for (now = 3000; now <= 9000; now += 1000) counter.at(20)
    assert.equal(counter.at(20).speed, 0)
  })
})
