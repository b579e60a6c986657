import type { ColumnValue, EntityReference, Row } from '../../../service/index.ts'

/** A copy that shares nothing changeable with the caller's row. */
export function copyValues(row: Row): Row {
  const copy: Row = {}
  for (const name in row) copy[name] = copyValue(row[name])
  return copy
}

function copyValue(value: ColumnValue | undefined): ColumnValue | undefined {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  return Array.isArray(value) ? [...value] : { ...(value as EntityReference) }
}
