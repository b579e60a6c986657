import { isGuid } from '../../internal/ids.ts'
import { dataverseError } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import type { WebAnswer } from '../web-request.ts'

const TABLE = 'backgroundoperation'
const columns = [
  'backgroundoperationstatecode',
  'backgroundoperationstatuscode',
  'outputparameters',
  'errorcode',
  'errormessage',
] as const

/**
 * How a background operation goes, and with which results it has ended.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#poll-the-status-monitor-resource
 */
export async function readOperation({ service, requestOptions }: Exchange, id: string): Promise<WebAnswer> {
  refuseNoId(id)
  const row = await service.retrieve(TABLE, id.toLowerCase(), columns, requestOptions)
  const isError = row.errorcode !== null || row.errormessage !== null
  return answer({
    ...(isError
      ? { backgroundOperationErrorCode: row.errorcode, backgroundOperationErrorMessage: row.errormessage }
      : {}),
    backgroundOperationStateCode: row.backgroundoperationstatecode,
    backgroundOperationStatusCode: row.backgroundoperationstatuscode,
    ...resultsOf(row.outputparameters),
  })
}

/**
 * Asks for a background operation not to be run.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#send-a-delete-request-to-the-status-monitor-resource
 */
export async function cancelOperation({ service, requestOptions }: Exchange, id: string): Promise<WebAnswer> {
  refuseNoId(id)
  const canceling = { backgroundoperationstatecode: 2, backgroundoperationstatuscode: 22 }
  await service.update(TABLE, id.toLowerCase(), canceling, requestOptions)
  return answer({ backgroundOperationStateCode: 2, backgroundOperationStatusCode: 22 })
}

function refuseNoId(id: string): void {
  if (!isGuid(id)) throw dataverseError('CrmHttpError', { segment: id })
}

/** Of what the row keeps, `[{ Key, Value }]`, an object; nothing of what somebody else wrote there. */
function resultsOf(text: unknown): Record<string, unknown> {
  const pairs = typeof text === 'string' ? parsed(text) : undefined
  if (!Array.isArray(pairs)) return {}
  return Object.fromEntries(
    pairs.flatMap((pair) => (typeof pair?.Key === 'string' ? [[pair.Key as string, pair.Value as unknown]] : [])),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The monitor is no part of the Web API: its answers have none of the headers of OData. */
function answer(body: object): WebAnswer {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}
