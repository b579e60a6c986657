import { expect, test } from 'vitest'
import { View } from '../store.ts'
import { SecuredView } from './secured-view.ts'

/** What tells nothing of a row: writing, and what a view is made of. */
const harmless = ['constructor', 'put', 'delete', 'parts', 'stamp', 'isIndexed', 'layersOf', 'findByKey']

test('every way to read rows through a view hides what may not be seen', () => {
  const inherited = Object.getOwnPropertyNames(View.prototype).filter(
    (name) => !Object.hasOwn(SecuredView.prototype, name) && !harmless.includes(name),
  )
  expect(inherited, 'override it in SecuredView').toEqual([])
})
