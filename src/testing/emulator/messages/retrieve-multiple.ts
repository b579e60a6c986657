import { runQuery } from '../../../query/index.ts'
import type { QueryExpression, QueryResult } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import { CallContext } from '../query-context.ts'
import { namesIn } from './retrieve.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview */
export function retrieveMultiple(
  call: Call,
  query: QueryExpression,
): MessageHandler<{ BusinessEntityCollection: QueryResult }> {
  return {
    message: 'RetrieveMultiple',
    table: call.environment.schema.table(query.table).logicalName,
    id: null,
    target: query,
    inputParameters: { Query: query },
    readOnly: true,
    main: (view) => ({
      BusinessEntityCollection: runQuery(query, view, namesIn(view), new CallContext(call, view)),
    }),
  }
}
