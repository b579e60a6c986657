import { describe, expect, test } from 'vitest'
import { Account } from '../entities/index.ts'
import { defineStep } from './index.ts'

const common = { name: 'a step', table: Account, message: 'Update', stage: 'preOperation', run: () => {} }
const define = (options: object) => defineStep({ ...common, ...options } as never)

test('a step is frozen data with its defaults filled in', () => {
  const step = defineStep({ name: 'look', table: Account, message: 'Create', stage: 'postOperation', run: () => {} })
  expect(step).toMatchObject({
    kind: 'step',
    name: 'look',
    table: 'account',
    message: 'Create',
    stage: 'postOperation',
    mode: 'synchronous',
    rank: 1,
    filter: [],
    preImage: undefined,
    postImage: undefined,
    changes: [],
  })
  expect(Object.isFrozen(step)).toBe(true)
})

test('a step keeps nothing of the arrays that it was given', () => {
  const filter: 'name'[] = ['name']
  const step = defineStep({ name: 'look', table: Account, message: 'Update', stage: 'postOperation', filter, run() {} })
  expect(() => filter.push('name')).not.toThrow()
  expect(step.filter).toEqual(['name'])
})

describe('what does not compile is refused by name when it is forced', () => {
  test.each<[string, object, RegExp]>([
    ['a pre-image on Create', { message: 'Create', preImage: ['name'] }, /a Create has no pre-image/],
    ['all columns as pre-image on Create', { message: 'Create', preImage: 'all' }, /a Create has no pre-image/],
    [
      'a post-image on Delete',
      { message: 'Delete', stage: 'postOperation', postImage: ['name'] },
      /a Delete has no post-image/,
    ],
    ['a synchronous step whose job is to go', { asyncAutoDelete: true }, /only an asynchronous step has a system job/],
    ['an asynchronous step before the operation is over', { mode: 'asynchronous' }, /in stage postOperation only/],
    ['a filter on Create', { message: 'Create', filter: ['name'] }, /only an Update has filtering columns/],
    ['changes without behindWebhook', { changes: ['name'] }, /says how it behaves behind a webhook/],
    [
      'changes after the operation',
      { stage: 'postOperation', changes: ['name'], behindWebhook: 'refuse' },
      /the row is already written/,
    ],
    [
      'changes of a Delete',
      { message: 'Delete', changes: ['name'], behindWebhook: 'refuse' },
      /the target of a Delete has no columns/,
    ],
    ['a behindWebhook without changes', { behindWebhook: 'refuse' }, /only a step with changes/],
    ['an unknown behindWebhook', { changes: ['name'], behindWebhook: 'maybe' }, /behindWebhook is 'maybe'/],
    ['an unknown column in the filter', { filter: ['nmae'] }, /filter names 'nmae', which 'account' does not have/],
    ['an unknown column in the pre-image', { preImage: ['nmae'] }, /preImage names 'nmae'/],
    ['an unknown column in the post-image', { stage: 'postOperation', postImage: ['nmae'] }, /postImage names 'nmae'/],
    ['an unknown column in changes', { changes: ['nmae'], behindWebhook: 'refuse' }, /changes names 'nmae'/],
    ['a stage that nothing is registered in', { stage: 'mainOperation' }, /stage 'mainOperation' is not one of/],
    ['an unknown stage', { stage: 'before' }, /stage 'before' is not one of/],
    ['an unknown mode', { mode: 'async' }, /mode is 'async'/],
    ['a rank that is no whole number', { rank: 1.5 }, /rank is 1.5/],
    ['a step that does nothing', { run: undefined }, /`run` is not a function/],
  ])('%s', (_, options, message) => {
    expect(() => define(options)).toThrow(TypeError)
    expect(() => define(options)).toThrow(message)
    expect(() => define(options)).toThrow("defineStep('a step'): ")
  })

  test('a step without a name', () => {
    expect(() => define({ name: ' ' })).toThrow('a step needs a name.')
  })
})

describe('what the platform refuses to register is refused with its own error', () => {
  test('a post-image before the operation', () => {
    expect(() => define({ postImage: ['name'] })).toThrow(
      expect.objectContaining({ name: 'SdkMessageDoesNotSupportPostImageRegistration' }),
    )
  })

  test('an image of a message that has none', () => {
    expect(() => define({ message: 'Retrieve', stage: 'postOperation', preImage: ['name'] })).toThrow(
      expect.objectContaining({ name: 'SdkMessageDoesNotSupportImageRegistration' }),
    )
  })

  test('a step on a message that lets none be registered', () => {
    expect(() => define({ message: 'SetRelated' })).toThrow(
      expect.objectContaining({ name: 'SdkCustomProcessingStepIsNotAllowed' }),
    )
  })
})
