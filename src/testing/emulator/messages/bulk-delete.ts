import { runQuery } from '../../../query/index.ts'
import { dataverseError, type QueryExpression } from '../../../service/index.ts'
import type { Call } from '../call.ts'
import { enqueueTask } from '../system-jobs.ts'
import type { EmulatedMessage } from './message.ts'
import { namesIn } from './retrieve.ts'

interface BulkDelete {
  readonly QuerySet: readonly QueryExpression[]
  readonly JobName: string
  readonly RecurrencePattern?: string
  readonly StartDateTime?: Date
}

/**
 * Deletes the rows that queries select, by a system job: rows that cannot be deleted stay.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/delete-data-bulk
 */
export const bulkDelete: EmulatedMessage<BulkDelete> = {
  name: 'BulkDelete',
  parameters: {
    QuerySet: { type: 'ObjectCollection' },
    JobName: { type: 'String' },
    SendEmailNotification: { type: 'Boolean', optional: true },
    ToRecipients: { type: 'ObjectCollection', optional: true },
    CCRecipients: { type: 'ObjectCollection', optional: true },
    RecurrencePattern: { type: 'String', optional: true },
    StartDateTime: { type: 'DateTime', optional: true },
    SourceImportId: { type: 'Guid', optional: true },
    RunNow: { type: 'Boolean', optional: true },
  },
  handle(call, { QuerySet, JobName, RecurrencePattern, StartDateTime }) {
    if (RecurrencePattern) {
      throw dataverseError('InvalidArgument', {
        reason:
          'BulkDelete with a RecurrencePattern is not emulated: start it once, and again when the clock is turned.',
      })
    }
    for (const { table } of QuerySet) call.environment.schema.table(table)
    const queries = structuredClone(QuerySet)
    return {
      message: 'BulkDelete',
      table: null,
      id: null,
      target: {},
      authorize: (access) => access.requirePrivilege('prvBulkDelete'),
      main: () => ({
        JobId: enqueueTask(
          call,
          { name: JobName, operationtype: 13, ...(StartDateTime ? { postponeuntil: StartDateTime } : {}) },
          (run) => deleteAll(run, queries),
        ),
      }),
    }
  },
}

async function deleteAll(call: Call, queries: readonly QueryExpression[]): Promise<void> {
  const service = call.transactional()
  for (const query of queries) {
    const { primaryKey } = call.view.definition(query.table)
    const keep = new Set<string>()
    for (;;) {
      const { rows } = runQuery({ ...query, columns: [primaryKey] }, call.view, namesIn(call.view))
      const ids = rows.map((row) => row[primaryKey] as string).filter((id) => !keep.has(id))
      if (ids.length === 0) break
      for (const id of ids) await service.delete(query.table, id).catch(() => keep.add(id))
    }
  }
}
