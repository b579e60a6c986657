import { isGuid } from '../internal/ids.ts'
import { dataverseError, type OrganizationService, type RequestOptions } from '../service/index.ts'
import { badRequest, notEmulated } from './refusals.ts'
import type { QueryOptions } from './url/query-options.ts'
import type { WebRequest } from './web-request.ts'

/** The service of the user on whose behalf a request is made. */
export type ServiceAs = (userId: string) => OrganizationService | Promise<OrganizationService>

/** Headers that would change what a request does, and cannot yet. */
const notYet = [header('MSCRM.BypassBusinessLogicExecutionStepIds'), header('MSCRM.SessionToken')]
const solutionName = header('MSCRM.SolutionUniqueName')
const suppressDuplicates = header('MSCRM.SuppressDuplicateDetection')
const bypassPlugins = header('MSCRM.BypassCustomPluginExecution')
const bypassLogic = header('MSCRM.BypassBusinessLogicExecution')
const callerId = header('MSCRMCallerID')
const callerObject = header('CallerObjectId')

/** The headers that say on whose behalf, and how, something is done: what is said with a batch is said of its parts. */
export const headersOfBatches: ReadonlySet<string> = new Set(
  [...notYet, solutionName, suppressDuplicates, bypassPlugins, bypassLogic, callerId, callerObject].map(
    ({ key }) => key,
  ),
)

/** A header as it is documented, and as requests are asked for it. */
interface Header {
  readonly title: string
  readonly key: string
}

function header(title: string): Header {
  return { title, key: title.toLowerCase() }
}

/**
 * The service to ask: the caller's own, or that of the user whom `MSCRMCallerID` names.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export function serviceFor(
  request: WebRequest,
  service: OrganizationService,
  serviceAs: ServiceAs | undefined,
): OrganizationService | Promise<OrganizationService> {
  for (const { key, title } of notYet) {
    if (request.header(key) !== undefined) throw notEmulated(`The header '${title}'`)
  }
  const objectId = request.header(callerObject.key)
  if (objectId !== undefined) return serviceOfObject(objectId, service, serviceAs)
  const caller = request.header(callerId.key)
  if (caller === undefined) return service
  if (!isGuid(caller)) throw badRequest(`The header 'MSCRMCallerID' is '${caller}', which is not a GUID.`)
  if (!serviceAs) throw notEmulated("The header 'MSCRMCallerID', for a Web API made without 'serviceAs',")
  return serviceAs(caller.toLowerCase())
}

/** The solution that what is created or changed is to be a part of. */
export function solutionNamed(request: WebRequest): string | undefined {
  return request.header(solutionName.key)
}

/** Rows become no components: the header is for parts of the schema. */
export function refuseSolution(request: WebRequest): void {
  if (solutionNamed(request) === undefined) return
  throw notEmulated(`The header '${solutionName.title}' beside anything but a change of the schema`)
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
  const suppressed = isTrue(request, suppressDuplicates)
  const tag = options.get('tag')
  const bypassed = bypassedOf(request)
  return {
    ...(tag === undefined ? {} : { tag }),
    ...(suppressed === undefined ? {} : { suppressDuplicateDetection: suppressed }),
    ...(bypassed.length === 0 ? {} : { bypassBusinessLogic: bypassed }),
  }
}

const nothing: NonNullable<RequestOptions['bypassBusinessLogic']> = []

function bypassedOf(request: WebRequest): NonNullable<RequestOptions['bypassBusinessLogic']> {
  if (request.header(bypassPlugins.key) === undefined && request.header(bypassLogic.key) === undefined) return nothing
  const bypassed = new Set<'CustomSync' | 'CustomAsync'>()
  if (isTrue(request, bypassPlugins)) bypassed.add('CustomSync')
  for (const part of request.header(bypassLogic.key)?.split(',') ?? []) {
    const name = part.trim()
    if (name !== 'CustomSync' && name !== 'CustomAsync') {
      throw badRequest(`'MSCRM.BypassBusinessLogicExecution' is CustomSync, CustomAsync or both, not '${name}'.`)
    }
    bypassed.add(name)
  }
  return [...bypassed]
}

function isTrue(request: WebRequest, { key, title }: Header): boolean | undefined {
  const given = request.header(key)
  if (given === undefined) return undefined
  const value = given.trim().toLowerCase()
  if (value !== 'true' && value !== 'false') throw badRequest(`The header '${title}' is '${value}', not true or false.`)
  return value === 'true'
}
