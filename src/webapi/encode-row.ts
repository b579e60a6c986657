import { type ColumnDefinition, labelOf, type TableDefinition } from '../entities/index.ts'
import { type ColumnValue, type EntityReference, isEntityReference, type Row } from '../service/index.ts'
import { navigationName, propertyOf } from './model.ts'
import type { Preferences } from './preferences.ts'

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname'
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty'

/**
 * A row as JSON: these columns, each behind its annotations, behind the ETag.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns#formatted-values
 */
export function encodeRow(
  table: TableDefinition,
  row: Row,
  columns: readonly string[],
  { wantsAnnotation }: Preferences,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {}
  const etag = etagOf(row)
  if (etag !== undefined) result['@odata.etag'] = etag
  for (const column of columns) {
    const definition = table.columns[column]!
    const value = row[column] ?? null
    const property = propertyOf(table, column)
    for (const [name, text] of annotationsOf(column, definition, value)) {
      if (text !== undefined && wantsAnnotation(name)) result[`${property}@${name}`] = text
    }
    result[property] = encodeValue(value)
  }
  return result
}

/** The ETag of a row that was read with its version. */
export function etagOf({ versionnumber }: Row): string | undefined {
  return typeof versionnumber === 'number' ? `W/"${versionnumber}"` : undefined
}

function encodeValue(value: ColumnValue): string | number | boolean | null {
  if (value === null || typeof value !== 'object') return value
  // The platform knows whole seconds only.
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z')
  if (isEntityReference(value)) return value.id
  return value.length === 0 ? null : value.join(',')
}

type Annotation = readonly [name: string, text: string | undefined]

function annotationsOf(column: string, definition: ColumnDefinition, value: ColumnValue): readonly Annotation[] {
  if (value === null) return []
  if (definition.type === 'lookup') {
    const { logicalName, name } = value as EntityReference
    return [
      [FORMATTED, name],
      [NAVIGATION, navigationName(column, definition.targets, logicalName)],
      [LOOKUP_TABLE, logicalName],
    ]
  }
  return [[FORMATTED, labelFor(definition, value)]]
}

/** What a person reads for a value; `undefined` where that needs a format of the user's, which are not emulated. */
function labelFor(definition: ColumnDefinition, value: ColumnValue): string | undefined {
  switch (definition.type) {
    case 'choice':
    case 'state':
    case 'status':
      return labelOf(definition.options, value as number)
    case 'multiChoice': {
      const labels = (value as readonly number[]).map((option) => labelOf(definition.options, option))
      return labels.length === 0 || labels.includes(undefined) ? undefined : labels.join('; ')
    }
    case 'boolean':
      return value === true ? definition.trueLabel : definition.falseLabel
    default:
      return undefined
  }
}
