import { describe, expect, test } from 'vitest'
import { DataverseError, dataverseError, InvalidPluginExecution, toHexCode } from './index.ts'

describe('dataverseError', () => {
  test('fills the template of the code', () => {
    const error = dataverseError('ObjectDoesNotExist', { table: 'account', id: '42' })
    expect(error).toMatchObject({ name: 'ObjectDoesNotExist', code: 0x80040217, status: 404, hexCode: '0x80040217' })
    expect(error.message).toBe("Entity 'account' With Id = 42 Does Not Exist")
  })

  test('fills a placeholder that stands twice in both places', () => {
    const { message } = dataverseError('UndeclaredProperty', { set: 'accounts', table: 'account', column: 'colour' })
    expect(message).toContain("Entity :'accounts'")
    expect(message).toContain("Invalid property 'colour' was found in entity 'Microsoft.Dynamics.CRM.account'.")
  })

  test('takes a value as it is, whatever characters it has', () => {
    const { message } = dataverseError('InvalidArgument', { reason: "'{table}' costs $1 $& $`" })
    expect(message).toBe("Invalid argument. '{table}' costs $1 $& $`")
  })

  test('lets the caller say more: another message, another status, a cause', () => {
    const cause = new Error('the reason')
    const error = dataverseError('IsvAborted', {}, { message: 'No.', status: 409, cause, traceText: 'one' })
    expect(error).toMatchObject({ message: 'No.', status: 409, cause, details: { traceText: 'one' } })
  })
})

describe('DataverseError.isInstance', () => {
  test('knows an error of this package, and of another copy of it', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('work365-sdk.DataverseError')]: true })
    expect(DataverseError.isInstance(dataverseError('IsvAborted', {}))).toBe(true)
    expect(DataverseError.isInstance(foreign)).toBe(true)
  })

  test.each([null, undefined, 'IsvAborted', {}, new Error('x')])('refuses %s', (value) => {
    expect(DataverseError.isInstance(value)).toBe(false)
  })
})

describe('InvalidPluginExecution', () => {
  test('is an IsvAborted with the message of the step', () => {
    const error = new InvalidPluginExecution('Too much.', { operationStatus: 'canceled', subErrorCode: 7 })
    expect(DataverseError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ name: 'IsvAborted', status: 400, message: 'Too much.' })
    expect(error.details).toMatchObject({ operationStatus: 1, subErrorCode: 7 })
  })

  test('has the generic message when the step gives none', () => {
    expect(new InvalidPluginExecution('').message).toBe('ISV code aborted the operation.')
  })
})

test('a code on the wire has eight digits', () => {
  expect(toHexCode(0x80040217)).toBe('0x80040217')
  expect(toHexCode(0)).toBe('0x00000000')
})
