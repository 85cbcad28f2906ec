import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Histogram } from './histogram.ts'

const exact = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(part * sorted.length)) - 1] ?? 0
}

const spans = fc.oneof(
  fc.double({ min: 0.001, max: 1e8, noNaN: true }),
  fc.double({ min: 0.1, max: 1000, noNaN: true }),
  fc.integer({ min: 1, max: 50 }),
)
test('quantiles are within 1 % of the exact ones', () => {
  const parts = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(spans, { minLength: 1, maxLength: 300 }), parts, (values, part) => {
      const histogram = new Histogram()
      for (const value of values) histogram.record(value)
      const wanted = exact(values, part)
      assert.ok(Math.abs(histogram.quantile(part) - wanted) <= 0.01 * wanted * (1 + 1e-9), `${wanted}`)
      assert.equal(histogram.count, values.length)
      assert.equal(histogram.min, Math.min(...values))
      assert.equal(histogram.max, Math.max(...values))
    }),
  )
})

test('nothing recorded', () => {
  const histogram = new Histogram()
  assert.deepEqual([histogram.quantile(0.5), histogram.mean, histogram.min, histogram.max], [0, 0, 0, 0])
})

test('values at and beyond the ends', () => {
  const histogram = new Histogram()
  for (const value of [0, -5, Number.NaN, 1e12, Number.POSITIVE_INFINITY]) histogram.record(value)
  assert.equal(histogram.count, 4)
  assert.equal(histogram.min, 0)
  assert.ok(histogram.quantile(0.5) <= 0.001)
})

test('memory does not grow with what is recorded', () => {
  const histogram = new Histogram()
  for (let n = 0; n < 200_000; n++) histogram.record(10 ** (-3 + 11 * ((n * 0.618) % 1)))
  assert.ok(histogram.size <= 1268, `${histogram.size}`)
})
