export type {
  BehaviorName,
  Cascade,
  CascadeBehavior,
  ColumnDefinition,
  ColumnType,
  Options,
  RequiredLevel,
} from './column.ts'
export { behaviors, column } from './column.ts'
export type { ManyToMany, ManyToOne, TableDefinition, TableOptions } from './define-table.ts'
export { defineTable } from './define-table.ts'
export type { Ownership } from './platform-columns.ts'
export type { States } from './states.ts'
export { activeInactive, canMove, defaultReason, labelOf, stateOfReason } from './states.ts'
