import { DataverseError, reference } from '../../service/index.ts'
import { isBoundById, type Operation } from '../../service/operation.ts'
import { readJsonObject } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest, notEmulated } from '../refusals.ts'
import { empty, json } from '../responses.ts'
import { idOf } from '../rows/locate.ts'
import { statusMonitorPath } from '../url/address.ts'
import { parseArguments, parseLiteral } from '../url/literal.ts'
import type { Bound } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { decodeParameters } from './decode-parameters.ts'
import { encodeResult } from './encode-result.ts'

/** What a path says of a call: which operation, on what, and the text in its parentheses. */
interface CallAddress {
  readonly operation: Operation
  readonly on: Bound
  readonly text: string | undefined
}

/**
 * Calls a function with the arguments of its parentheses.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-functions
 */
export async function callFunction(exchange: Exchange, address: CallAddress): Promise<WebAnswer> {
  const given: Record<string, unknown> = {}
  for (const [name, literal] of parseArguments(address.text ?? '')) {
    given[name] = parseLiteral(literal, exchange.options.aliases)
  }
  return call(exchange, address, given)
}

/**
 * Calls an action with the parameters of its body, which may be left out when there are none.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export async function callAction(exchange: Exchange, address: CallAddress): Promise<WebAnswer> {
  const { request, maxBodyBytes } = exchange
  const { operation } = address
  if ((address.text ?? '').trim() !== '')
    throw badRequest(`The parameters of '${operation.name}' stand in the content.`)
  const bare = request.header('content-length') === '0' || request.header('content-type') === undefined
  const optional = Object.values(operation.parameters).every((parameter) => parameter.optional)
  const given = bare && optional ? {} : await readJsonObject(request, operation.name, maxBodyBytes)
  return call(exchange, address, given)
}

async function call(
  exchange: Exchange,
  { operation, on }: CallAddress,
  given: Readonly<Record<string, unknown>>,
): Promise<WebAnswer> {
  const set = on && 'set' in on ? on.set : undefined
  const parameters = await decodeParameters(exchange, operation, given, set)
  if (set) parameters[operation.bound!.as] = set.table.logicalName
  if (on && 'row' in on) {
    const row = reference(on.row.type.table.logicalName, await idOf(on.row, exchange))
    const bound = operation.bound!
    parameters[bound.as] = isBoundById(bound) ? row.id : row
  }
  if (exchange.preferences.respondAsync) return callInBackground(exchange, operation, parameters)
  const answer = await execute(exchange, operation.name, parameters)
  if (!operation.result) return empty(204)
  return json(200, encodeResult(exchange, operation, answer, parameters), exchange.preferences.applied())
}

/**
 * Leaves a custom API to run later: 202, and where to ask how it goes.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#request-asynchronous-processing
 */
async function callInBackground(
  exchange: Exchange,
  { name }: Operation,
  parameters: Readonly<Record<string, unknown>>,
): Promise<WebAnswer> {
  const { address, preferences } = exchange
  const { BackgroundOperationId: backgroundOperationId, Location: location } = await execute(
    exchange,
    'ExecuteBackgroundOperation',
    {
      Request: { message: name, parameters },
      StatusMonitor: address.origin + statusMonitorPath(address.basePath),
      ...(preferences.callback === undefined ? {} : { CallbackUri: preferences.callback }),
    },
  )
  const headers = {
    Location: String(location),
    'x-ms-dyn-backgroundoperationid': String(backgroundOperationId),
    ...preferences.applied({ inBackground: true }),
  }
  if (preferences.callback === undefined) return empty(202, headers)
  return json(202, { backgroundOperationId, location }, headers)
}

async function execute(
  { service, requestOptions }: Exchange,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await service.execute(name, parameters, requestOptions)
  } catch (error) {
    if (DataverseError.isInstance(error) && error.name === 'CrmHttpError' && error.message.includes(`'${name}'`)) {
      throw notEmulated(`'${name}'`)
    }
    throw error
  }
}
