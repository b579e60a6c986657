import { layoutOf, type StoredValue, toRow } from '../../../query/index.ts'
import { dataverseError, type Row, reference } from '../../../service/index.ts'
import type { Call } from '../call.ts'
import { duplicatesOf, faultOfRow } from '../duplicates.ts'
import { refuseWrongTypes } from '../encode.ts'
import { findRow } from '../keys.ts'
import { enqueueTask } from '../system-jobs.ts'
import { fill } from '../write-row.ts'
import type { EmulatedMessage } from './message.ts'

interface RuleRequest {
  readonly DuplicateRuleId: string
}

const parameters = { DuplicateRuleId: { type: 'Guid' } } as const
const unpublished = { statecode: 0, statuscode: 0 }
const publishing = { statecode: 0, statuscode: 1 }
const published = { statecode: 1, statuscode: 2 }

/**
 * Publishes a duplicate detection rule, by a system job: from then on it takes part.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/publishduplicaterule
 */
export const publishDuplicateRule: EmulatedMessage<RuleRequest> = {
  name: 'PublishDuplicateRule',
  parameters,
  handle: (call, { DuplicateRuleId: id }) => ({
    ...onRule(call, 'PublishDuplicateRule', id),
    async main(view) {
      const { schema } = call.environment
      const fault = faultOfRow(schema, view, findRow(view, schema.table('duplicaterule'), id))
      if (fault !== undefined)
        throw dataverseError('InvalidArgument', { reason: `The rule cannot be published: ${fault}` })
      await call.nested().update('duplicaterule', id, publishing)
      const job = { name: 'Publish Duplicate Detection Rule', operationtype: 7 }
      return { JobId: enqueueTask(call, job, (run) => run.transactional().update('duplicaterule', id, published)) }
    },
  }),
}

/**
 * Takes a duplicate detection rule out of use.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/unpublishduplicaterule
 */
export const unpublishDuplicateRule: EmulatedMessage<RuleRequest> = {
  name: 'UnpublishDuplicateRule',
  parameters,
  handle: (call, { DuplicateRuleId: id }) => ({
    ...onRule(call, 'UnpublishDuplicateRule', id),
    async main() {
      await call.nested().update('duplicaterule', id, unpublished)
      return {}
    },
  }),
}

function onRule(call: Call, message: string, id: string) {
  findRow(call.view, call.environment.schema.table('duplicaterule'), id)
  return { message, table: 'duplicaterule', id, target: Object.freeze(reference('duplicaterule', id)) }
}

interface RetrieveDuplicates {
  readonly EntityName: string
  readonly BusinessEntity: Row
  readonly MatchingEntityName: string
  readonly PagingInfo?: { readonly PageNumber?: unknown; readonly Count?: unknown }
}

/**
 * The rows of a table that are duplicates of a row, whether that one is there or not. `EntityName` is the row's table, as
 * on the SDK's `Entity`; over the Web API the row says it itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveduplicates
 */
export const retrieveDuplicates: EmulatedMessage<RetrieveDuplicates> = {
  name: 'RetrieveDuplicates',
  parameters: {
    EntityName: { type: 'String' },
    BusinessEntity: { type: 'Entity' },
    MatchingEntityName: { type: 'String' },
    PagingInfo: { type: 'Object', optional: true },
  },
  handle(call, { EntityName, BusinessEntity, MatchingEntityName, PagingInfo = {} }) {
    const table = call.environment.schema.table(EntityName)
    const matching = call.environment.schema.table(MatchingEntityName)
    refuseWrongTypes(table, BusinessEntity)
    const page = wholeNumber(PagingInfo.PageNumber, 1)
    const count = wholeNumber(PagingInfo.Count, 5000)
    return {
      message: 'RetrieveDuplicates',
      table: table.logicalName,
      id: null,
      target: {},
      readOnly: true,
      main(view) {
        const cells: StoredValue[] = new Array(layoutOf(table).names.length).fill(null)
        fill(table, cells, BusinessEntity)
        const found = duplicatesOf(call, view, table, cells, matching.logicalName)
        const rows = found.slice((page - 1) * count, page * count)
        return { DuplicateCollection: rows.map((row) => toRow(layoutOf(matching), row)) }
      },
    }
  },
}

function wholeNumber(value: unknown, otherwise: number): number {
  if (value === undefined || value === null || value === 0) return otherwise
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number
  throw dataverseError('InvalidArgument', {
    reason: `'PagingInfo' has ${String(value)}, which is no number of a page.`,
  })
}
