import type { ColumnDefinition, ColumnType } from '../../entities/index.ts'

const columnTypes: Readonly<Record<ColumnType, string>> = {
  text: 'Edm.String',
  memo: 'Edm.String',
  autonumber: 'Edm.String',
  multiChoice: 'Edm.String',
  integer: 'Edm.Int32',
  choice: 'Edm.Int32',
  state: 'Edm.Int32',
  status: 'Edm.Int32',
  bigint: 'Edm.Int64',
  decimal: 'Edm.Decimal',
  money: 'Edm.Decimal',
  float: 'Edm.Double',
  boolean: 'Edm.Boolean',
  dateTime: 'Edm.DateTimeOffset',
  dateOnly: 'Edm.Date',
  lookup: 'Edm.Guid',
  primaryKey: 'Edm.Guid',
  uniqueIdentifier: 'Edm.Guid',
  file: 'Edm.Guid',
  image: 'Edm.Binary',
}

/** The OData type of a column: what the metadata document says, and what a literal must fit. */
export function edmTypeOf({ type }: ColumnDefinition): string {
  return columnTypes[type]
}
