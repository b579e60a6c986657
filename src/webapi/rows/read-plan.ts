import { columnOfProperty, type EntityType, type Model } from '../model.ts'
import type { QueryOptions } from '../url/query-options.ts'
import { completeShape, contextOf, type RowShape, shapeOf } from './row-shape.ts'

/** What `$select` and `$expand` ask for: which columns are read, which are shown, and what is read beside. */
export interface ReadPlan {
  readonly shape: RowShape
  /** The columns to read: those of the shape, and those that expanding needs. */
  readonly read: readonly string[]
  /** How the context URL names both: `(name,primarycontactid(fullname))`, or nothing. */
  readonly context: string
  readonly expansions: readonly never[]
}

export function readPlanOf(_model: Model, type: EntityType, options: QueryOptions): ReadPlan {
  const shape = selectionOf(type, options.get('$select'))
  return { shape, read: shape.read, context: contextOf(shape), expansions: [] }
}

/**
 * Reads `$select`. A trailing comma is let pass.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
 */
function selectionOf(type: EntityType, text: string | undefined): RowShape {
  const properties = (text ?? '').split(',').flatMap((part) => part.trim() || [])
  if (properties.length === 0) return completeShape(type)
  if (properties.includes('*')) return { ...completeShape(type), selected: '*' }
  return shapeOf(
    type,
    properties.map((property) => columnOfProperty(type, property)),
    properties.join(','),
  )
}
