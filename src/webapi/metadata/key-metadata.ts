import type { TableDefinition } from '../../entities/index.ts'
import { labelOf, managed } from './label.ts'
import { metadataId } from './metadata-id.ts'
import type { MetadataObject } from './option-set.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/entitykeymetadata */
export function keysOf(table: TableDefinition): MetadataObject[] {
  return Object.entries(table.keys).map(([name, columns]) => ({
    MetadataId: metadataId('key', `${table.logicalName}.${name}`),
    HasChanged: null,
    LogicalName: name.toLowerCase(),
    SchemaName: name,
    EntityLogicalName: table.logicalName,
    DisplayName: labelOf(name),
    KeyAttributes: [...columns],
    EntityKeyIndexStatus: 'Active',
    AsyncJob: null,
    IsManaged: false,
    IsSecondaryKey: false,
    IsSynchronous: true,
    IntroducedVersion: '1.0',
    IsCustomizable: managed('iscustomizable', true),
  }))
}
