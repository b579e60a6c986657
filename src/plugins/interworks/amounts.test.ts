import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountOf, quantityLess, sumOf } from './amounts.ts'

test.each([
  [3, 0.1, 0.3],
  [0.33, 1.005, 0.3317],
  [0.01, 0.005, 0.0001],
  [-0.01, 0.005, -0.0001],
  [1.5, 19.99, 29.985],
])('%d at %d is %d', (quantity, price, amount) => {
  expect(amountOf(quantity, price)).toBe(amount)
})

test('a sum of many amounts has no dust', () => {
  expect(sumOf(new Array(1000).fill(0.1))).toBe(100)
  expect(sumOf([0.1, 0.2])).toBe(0.3)
  expect(sumOf([])).toBe(0)
})

test('quantities are taken from each other exactly', () => {
  expect(quantityLess(0.3, 0.1)).toBe(0.2)
  expect(quantityLess(1, 1.5)).toBe(-0.5)
})

test('a sum does not depend on the order of its parts', () => {
  const amounts = fc.array(fc.integer({ min: -1e12, max: 1e12 }).map((units) => units / 10_000))
  fc.assert(fc.property(amounts, (all) => sumOf(all) === sumOf([...all].reverse())))
})
