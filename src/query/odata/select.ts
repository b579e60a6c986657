import { Cursor } from './cursor.ts'
import { propertyNotFound } from './paths.ts'
import type { ODataNavigation, ODataScope } from './scope.ts'

/** What `$select` asks for. */
export interface ParsedSelect {
  /** Every column, because of `*` or because the text names none. */
  readonly all: boolean
  /** The columns named, each once, in order. */
  readonly columns: readonly string[]
  /** The properties as they are written, in order, for the context URL. */
  readonly properties: readonly string[]
  /** The navigation properties named. */
  readonly navigations: readonly ODataNavigation[]
}

/**
 * Parses the text of `$select`. A comma too many at the end is let pass, as the platform does.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
 */
export function parseSelect(text: string, scope: ODataScope): ParsedSelect {
  const cursor = new Cursor(text)
  const columns = new Set<string>()
  const properties: string[] = []
  const navigations: ODataNavigation[] = []
  let all = false
  while (!cursor.isEnd()) {
    if (cursor.skipSign('*')) {
      all = true
      properties.push('*')
    } else {
      const { text: property } = cursor.expectName()
      properties.push(property)
      const column = scope.columnOf(property)
      const navigation = column === undefined ? scope.navigation(property) : undefined
      if (column !== undefined) columns.add(column)
      else if (navigation) navigations.push(navigation)
      else throw propertyNotFound(property, scope)
    }
    if (!cursor.isEnd()) cursor.expectSign(',', 'Syntax error')
  }
  return { all: all || properties.length === 0, columns: [...columns], properties, navigations }
}
