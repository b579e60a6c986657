import { expectTypeOf, test } from 'vitest'
import { dataverseError } from './index.ts'

test('throwing an error asks for the values of its message, and for no others', () => {
  expectTypeOf(dataverseError<'UndeclaredProperty'>)
    .parameter(1)
    .toEqualTypeOf<{
      readonly set: string | number
      readonly table: string | number
      readonly column: string | number
    }>()
  expectTypeOf(dataverseError<'IsvAborted'>)
    .parameter(1)
    .toEqualTypeOf<Record<never, never>>()
  // @ts-expect-error the id is missing
  void dataverseError('ObjectDoesNotExist', { table: 'account' })
  // @ts-expect-error no such error
  void dataverseError('ObjectDoesNotExit', {})
})
