import type { CustomApi } from '../../../plugins/index.ts'
import { idOf } from '../../../query/index.ts'
import { dataverseError, type EntityReference, reference } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import { checkParameters, checkValue } from '../check-parameters.ts'
import { findRow } from '../keys.ts'

/**
 * Runs a custom API: its code is the main operation, in the operation's transaction and with the caller's identity.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/custom-api
 */
export function customApi(
  call: Call,
  api: CustomApi,
  given: Readonly<Record<string, unknown>>,
): MessageHandler<Readonly<Record<string, unknown>>> {
  const { schema } = call.environment
  const { Target, ...parameters } = checkParameters(
    api.uniqueName,
    { ...targetOf(api), ...api.parameters },
    given,
    schema,
  )
  const target = Target === undefined ? undefined : boundRow(call, api, Target as EntityReference)
  return {
    message: api.uniqueName,
    table: api.table,
    id: target?.id ?? null,
    target: target ?? Object.freeze({}),
    inputParameters: parameters,
    isCode: true,
    authorize(access) {
      if (api.privilege !== undefined) access.requirePrivilege(api.privilege)
    },
    async main(_view, context) {
      const title = `mainOperation: ${api.uniqueName}`
      const answer = await call.runCode(`Custom API '${api.uniqueName}'`, title, context!, (environment) =>
        api.run({ ...context, ...environment, parameters, target }),
      )
      return checkResponse(call, api, answer)
    },
  }
}

/** A bound API takes the row that it is called on. */
function targetOf({ table }: CustomApi) {
  return table === null ? {} : { Target: { type: 'EntityReference', table: { logicalName: table } } as const }
}

function boundRow(call: Call, { table }: CustomApi, { id }: EntityReference): EntityReference {
  return Object.freeze(reference(table!, idOf(findRow(call.view, call.environment.schema.table(table!), id))))
}

/** What the code answers has to be what is declared: a caller relies on it as on a column's type. */
function checkResponse(
  call: Call,
  { uniqueName, response }: CustomApi,
  answer: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  const refuse = (reason: string): never => {
    throw dataverseError('IsvUnExpected', { reason })
  }
  const given = answer ?? {}
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(response, name)) {
      refuse(
        `Custom API '${uniqueName}' answered with '${name}', which it does not declare. Add it to its \`response\`.`,
      )
    }
  }
  const values: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(response)) {
    const what = `The response property '${name}' of custom API '${uniqueName}'`
    const value = given[name]
    if (value === undefined || value === null) refuse(`${what} is missing from its answer.`)
    values[name] = checkValue(what, property, value, call.environment.schema, refuse)
  }
  return values
}
