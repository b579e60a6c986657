import { describe, expect, test } from 'vitest'
import { WireError } from '../serving/read-model.ts'
import { fromWireDate, readModel, readModels } from './wire.ts'

describe('a model', () => {
  test('is read in any case, as deep as it goes, and comes out in camel case', () => {
    const content = { Id: 'Sub002', PARTNUMBER: 'CFQ7TTC0LH31:001B', Customer: { ID: 'c', Name: null }, pricing: null }

    expect(readModel('Subscription', content)).toEqual({
      id: 'Sub002',
      partNumber: 'CFQ7TTC0LH31:001B',
      customer: { id: 'c', name: null },
      pricing: null,
    })
  })

  test('keeps what the provider added of its own', () => {
    expect(readModel('Subscription', { Id: 'a', ResellerNote: { Kept: true } })).toEqual({
      id: 'a',
      ResellerNote: { Kept: true },
    })
  })

  test('takes a number that came as text', () => {
    expect(readModel('Subscription', { quantity: '2.5' })).toEqual({ quantity: 2.5 })
  })

  test.each([
    [{ quantity: 'many' }, 'Subscription.quantity has to be a number.'],
    [{ autoRenew: 'true' }, 'Subscription.autoRenew has to be a boolean.'],
    [{ customer: { id: 5 } }, 'Subscription.customer.id has to be a string.'],
    [[], 'Subscription has to be an object.'],
  ])('that does not fit is refused by the name of the property: %j', (content, message) => {
    expect(() => readModel('Subscription', content)).toThrow(new WireError(message))
  })

  test('lists say which entry does not fit', () => {
    expect(() => readModels('Customer', [{ id: 'a' }, { id: 1 }])).toThrow('Customer[1].id has to be a string.')
    expect(readModels('Customer', null)).toEqual([])
  })
})

test.each([
  ['2022-01-01T00:00:00', '2022-01-01T00:00:00.000Z'],
  ['2022-01-01T00:00:00.1234567', '2022-01-01T00:00:00.123Z'],
  ['2022-01-01T02:00:00+02:00', '2022-01-01T00:00:00.000Z'],
  ['2022-01-01', '2022-01-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00', undefined],
  ['soon', undefined],
  [null, undefined],
])('the date %s on the wire is %s', (text, moment) => {
  expect(fromWireDate(text)?.toISOString()).toBe(moment)
})
