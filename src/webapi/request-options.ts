import { isGuid } from '../internal/ids.ts'
import { dataverseError, type OrganizationService, type RequestOptions } from '../service/index.ts'
import { badRequest, notEmulated } from './refusals.ts'
import type { QueryOptions } from './url/query-options.ts'
import type { WebRequest } from './web-request.ts'

/** The service of the user on whose behalf a request is made. */
export type ServiceAs = (userId: string) => OrganizationService | Promise<OrganizationService>

/** Headers that would change what a request does, and cannot yet. */
const notYet = ['MSCRM.BypassBusinessLogicExecutionStepIds', 'MSCRM.SolutionUniqueName', 'MSCRM.SessionToken']

/**
 * The service to ask: the caller's own, or that of the user whom `MSCRMCallerID` names.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export async function serviceFor(
  request: WebRequest,
  service: OrganizationService,
  serviceAs: ServiceAs | undefined,
): Promise<OrganizationService> {
  for (const name of notYet)
    if (request.header(name.toLowerCase()) !== undefined) throw notEmulated(`The header '${name}'`)
  const objectId = request.header('callerobjectid')
  if (objectId !== undefined) return serviceOfObject(objectId, service, serviceAs)
  const caller = request.header('mscrmcallerid')
  if (caller === undefined) return service
  if (!isGuid(caller)) throw badRequest(`The header 'MSCRMCallerID' is '${caller}', which is not a GUID.`)
  if (!serviceAs) throw notEmulated("The header 'MSCRMCallerID', for a Web API made without 'serviceAs',")
  return serviceAs(caller.toLowerCase())
}

/** The service of the user whom Microsoft Entra ID knows by this id. */
async function serviceOfObject(
  objectId: string,
  service: OrganizationService,
  serviceAs: ServiceAs | undefined,
): Promise<OrganizationService> {
  if (!isGuid(objectId)) throw badRequest(`The header 'CallerObjectId' is '${objectId}', which is not a GUID.`)
  if (!serviceAs) throw notEmulated("The header 'CallerObjectId', for a Web API made without 'serviceAs',")
  const column = 'azureactivedirectoryobjectid'
  const { rows } = await service.retrieveMultiple({
    table: 'systemuser',
    columns: ['systemuserid'],
    filter: { kind: 'compare', column, operator: 'eq', values: [objectId.toLowerCase()] },
    top: 1,
  })
  const id = rows[0]?.systemuserid
  if (typeof id !== 'string') throw dataverseError('UserNotMemberOfOrg', {})
  return serviceAs(id)
}

/**
 * The optional parameters that a request carries in its query and its headers.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
 */
export function requestOptionsOf(request: WebRequest, options: QueryOptions): RequestOptions {
  const suppressed = isTrue(request, 'MSCRM.SuppressDuplicateDetection')
  const tag = options.get('tag')
  const bypassed = bypassedOf(request)
  return {
    ...(tag === undefined ? {} : { tag }),
    ...(suppressed === undefined ? {} : { suppressDuplicateDetection: suppressed }),
    ...(bypassed.length === 0 ? {} : { bypassBusinessLogic: bypassed }),
  }
}

function bypassedOf(request: WebRequest): NonNullable<RequestOptions['bypassBusinessLogic']> {
  const bypassed = new Set<'CustomSync' | 'CustomAsync'>()
  if (isTrue(request, 'MSCRM.BypassCustomPluginExecution')) bypassed.add('CustomSync')
  for (const part of request.header('mscrm.bypassbusinesslogicexecution')?.split(',') ?? []) {
    const name = part.trim()
    if (name !== 'CustomSync' && name !== 'CustomAsync') {
      throw badRequest(`'MSCRM.BypassBusinessLogicExecution' is CustomSync, CustomAsync or both, not '${name}'.`)
    }
    bypassed.add(name)
  }
  return [...bypassed]
}

function isTrue(request: WebRequest, name: string): boolean | undefined {
  const value = request.header(name.toLowerCase())?.trim().toLowerCase()
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false') throw badRequest(`The header '${name}' is '${value}', not true or false.`)
  return value === 'true'
}
