import { expect, test } from 'vitest'
import type { OrganizationService } from '../service/index.ts'
import { callCustomApi, defineCustomApi } from './define-custom-api.ts'

const run = () => ({ Pong: true })
const ping = { uniqueName: 'new_Ping', kind: 'function', response: { Pong: { type: 'Boolean' } }, run } as const

test('a custom API is data that nobody can change', () => {
  const api = defineCustomApi(ping)

  expect(api).toMatchObject({ kind: 'customApi', uniqueName: 'new_Ping', isFunction: true, table: null, rules: [] })
  expect(Object.isFrozen(api.response)).toBe(true)
})

test.each([
  [{ uniqueName: 'Ping' }, /publisher's prefix/],
  [{ kind: 'query' }, /must be action or function/],
  [{ response: {} }, /a function answers something/],
  [{ run: undefined }, /`run` is not a function/],
  [{ parameters: { Target: { type: 'Guid' } } }, /cannot be called Target/],
  [{ parameters: { At: { type: 'Date' } } }, /'At' has the type 'Date'/],
])('%o is refused with the name and the fix', (mistake, message) => {
  const declare = () => defineCustomApi({ ...ping, ...mistake } as never)

  expect(declare).toThrow(TypeError)
  expect(declare).toThrow(message)
})

test('calling a bound one sends the row as its target', async () => {
  const calls: unknown[] = []
  const service = {
    async execute(...call: unknown[]) {
      calls.push(call)
      return { Pong: true }
    },
  } as unknown as OrganizationService
  const api = defineCustomApi({ ...ping, table: { logicalName: 'new_project' } })

  expect(await callCustomApi(service, api, {}, 'an id')).toEqual({ Pong: true })
  expect(calls).toEqual([['new_Ping', { Target: { logicalName: 'new_project', id: 'an id' } }]])
})
