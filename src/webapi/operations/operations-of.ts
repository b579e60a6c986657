import type { CustomApi, Parameter } from '../../plugins/index.ts'
import type { Operation, Operations, OperationValue } from './operation.ts'
import { platformOperations } from './platform-operations.ts'

/** The platform's operations and the user's custom APIs, by name. */
export function operationsOf(customApis: readonly CustomApi[]): Operations {
  const operations = new Map(platformOperations.map((operation) => [operation.name, operation]))
  for (const api of customApis) operations.set(api.uniqueName, operationOf(api))
  return operations
}

/** A custom API is called like the platform's own operations: a function by GET, an action by POST. */
function operationOf({ uniqueName, isFunction, table, parameters, response }: CustomApi): Operation {
  const values = (of: Readonly<Record<string, Parameter>>) =>
    Object.fromEntries(Object.entries(of).map(([name, parameter]) => [name, operationValueOf(parameter)]))
  return {
    name: uniqueName,
    kind: isFunction ? 'function' : 'action',
    bound: table === null ? undefined : { to: 'record', tables: [table] },
    parameters: values(parameters),
    result: Object.keys(response).length === 0 ? undefined : values(response),
  }
}

function operationValueOf({ type, optional, table }: Parameter): OperationValue {
  return {
    type,
    ...(optional === undefined ? {} : { optional }),
    ...(table === undefined ? {} : { tables: [table.logicalName] }),
  }
}
