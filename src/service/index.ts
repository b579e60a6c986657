export type { DataverseErrorDetails } from './dataverse-error.ts'
export { DataverseError, dataverseError, toHexCode } from './dataverse-error.ts'
export type { ErrorName } from './error-codes.ts'
export { errorCodes } from './error-codes.ts'
export type { InvalidPluginExecutionOptions } from './invalid-plugin-execution.ts'
export { InvalidPluginExecution, operationStatuses } from './invalid-plugin-execution.ts'
export type { KnownMessage, Message, Mode, Stage, StepStage } from './messages.ts'
export { modes, stages } from './messages.ts'
export type {
  MessageTypes,
  OrganizationService,
  RequestOptions,
  VersionedOptions,
  WriteRequest,
} from './organization-service.ts'
export type {
  Aggregate,
  AggregateFunction,
  ColumnComparison,
  ColumnOrder,
  ColumnPath,
  Comparison,
  Condition,
  DateGrouping,
  Grouping,
  Junction,
  Link,
  LinkCondition,
  LinkMatch,
  LinkType,
  Negation,
  Operator,
  Order,
  Page,
  QueryExpression,
  QueryResult,
  ResultOrder,
  SelectedColumn,
} from './query-expression.ts'
export { aggregateFunctions, dateGroupings, linkTypes, operators } from './query-expression.ts'
export type {
  ColumnOf,
  ColumnValue,
  CreateOf,
  EntityReference,
  NameOf,
  Row,
  RowKey,
  RowOf,
  Selected,
  TableRef,
  TableTypes,
  TypedTable,
  UpdateOf,
} from './values.ts'
export { isEntityReference, logicalNameOf, reference } from './values.ts'
