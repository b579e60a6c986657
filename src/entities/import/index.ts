export { columnFromAttribute } from './column-from-attribute.ts'
export type { ImportedTables } from './imported-tables.ts'
export { ImportError } from './imported-tables.ts'
export { behaviorFrom, tableFromEntity, tablesFromEntityDefinitions } from './tables-from-entity-definitions.ts'
