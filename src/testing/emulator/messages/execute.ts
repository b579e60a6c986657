import { dataverseError, type OrganizationService, type WriteRequest } from '../../../service/index.ts'
import { isString, refuseNoArray, refuseNoObject } from '../arguments.ts'
import { businessUnitOf, type Call, type MessageHandler } from '../call.ts'
import { checkParameters } from '../check-parameters.ts'
import { customApi } from './custom-api.ts'
import { messagesByName } from './messages.ts'

type Execute = (call: Call, parameters: Readonly<Record<string, unknown>>) => MessageHandler<object>

type Body = (service: OrganizationService) => Promise<unknown>

/** The messages that are not one of the contract's own methods, by name. */
const messages: Readonly<Record<string, Execute>> = {
  /** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/whoami */
  WhoAmI: (call) => ({
    message: 'WhoAmI',
    table: null,
    id: null,
    target: {},
    readOnly: true,
    main: () => ({
      BusinessUnitId: businessUnitOf(call),
      UserId: call.session.userId,
      OrganizationId: call.environment.organization.organizationId,
    }),
  }),

  ExecuteTransaction: (call, { Requests }) => ({
    message: 'ExecuteTransaction',
    table: null,
    id: null,
    target: {},
    main: async () => {
      refuseNoArray('Requests', Requests, (request) => isString((request as WriteRequest | null)?.message), 'writes')
      const service = call.transactional()
      const Responses: object[] = []
      for (const request of Requests as readonly WriteRequest[]) Responses.push(await write(service, request))
      return { Responses }
    },
  }),

  RunInTransaction: (call, { body }) => ({
    message: 'RunInTransaction',
    table: null,
    id: null,
    target: {},
    main: async () => ({ result: await (body as Body)(call.transactional()) }),
  }),
}

/** The handler of a message or of a custom API; throws the platform's error when nothing by this name is emulated. */
export function execute(
  call: Call,
  message: string,
  parameters: Readonly<Record<string, unknown>>,
): MessageHandler<object> {
  refuseNoObject(`What '${message}' takes`, parameters)
  const known = messagesByName.get(message)
  if (known) return known.handle(call, checkParameters(message, known.parameters, parameters, call.environment.schema))
  const api = call.environment.customApis.get(message)
  if (api) return customApi(call, api, parameters)
  if (!Object.hasOwn(messages, message)) throw dataverseError('CrmHttpError', { segment: message })
  return messages[message]!(call, parameters)
}

async function write(service: OrganizationService, request: WriteRequest): Promise<{ id?: string }> {
  const version = 'rowVersion' in request && request.rowVersion !== undefined ? { rowVersion: request.rowVersion } : {}
  switch (request.message) {
    case 'Create':
      return { id: await service.create(request.table as string, request.row) }
    case 'Update':
      await service.update(request.table as string, request.key, request.changes, version)
      return {}
    case 'Delete':
      await service.delete(request.table, request.key, version)
      return {}
    default:
      throw dataverseError('InvalidArgument', {
        reason: `ExecuteTransaction runs Create, Update and Delete, not '${(request as { message: string }).message}'.`,
      })
  }
}
