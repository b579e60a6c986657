import { Contact, portalRole } from '../entities/index.ts'
import { loadSettings } from '../plugins/index.ts'
import { type DataverseError, dataverseError, type OrganizationService } from '../service/index.ts'

/** Who is at the portal: a contact, for whose account, and what the contact may do there. */
export interface PortalUser {
  readonly contactId: string
  readonly name: string
  readonly accountId: string
  readonly accountName: string
  readonly roles: readonly (keyof typeof portalRole)[]
}

type Ability = 'order' | 'manageAgreements'

/**
 * Which roles may do what. Reading what is one's own account's needs none.
 *
 * @see https://docs.work365apps.com/docs/work-365-portal-security-roles
 */
const roles: Readonly<Record<Ability, readonly (keyof typeof portalRole)[]>> = {
  order: ['Work 365 Administrator', 'Work 365 Subscription Manager', 'Work 365 Finance Manager'],
  manageAgreements: ['Work 365 Administrator', 'Work 365 Subscription Manager', 'Work 365 Finance Manager'],
}

/** Reads the contact; refuses one that is inactive or belongs to no account. */
export async function readPortalUser(service: OrganizationService, contactId: string): Promise<PortalUser> {
  const row = await service.retrieve(Contact, contactId, [
    'fullname',
    'parentcustomerid',
    'work365_contact_portalroles',
    'statecode',
  ])
  const name = row.fullname ?? contactId
  const account = row.parentcustomerid
  if (row.statecode !== 0)
    throw refusal(`Contact '${name}' is inactive. Activate the contact to let it use the portal.`)
  if (account?.logicalName !== 'account') {
    throw refusal(`Contact '${name}' belongs to no account. Choose an account in its Company (parentcustomerid).`)
  }
  const held = row.work365_contact_portalroles ?? []
  return {
    contactId,
    name,
    accountId: account.id,
    accountName: account.name ?? account.id,
    roles: (Object.keys(portalRole) as (keyof typeof portalRole)[]).filter((role) => held.includes(portalRole[role])),
  }
}

/** P10: refuses what none of the user's roles allows, and says which would. */
export async function requireRole(service: OrganizationService, user: PortalUser, ability: Ability): Promise<void> {
  const { values } = await loadSettings(service)
  const allowed = roles[ability].filter(
    (role) => ability !== 'order' || role !== 'Work 365 Finance Manager' || values.financeManagersOrder,
  )
  if (user.roles.some((role) => allowed.includes(role))) return
  const what = ability === 'order' ? 'order or change subscriptions' : 'see or accept agreements'
  throw refusal(`'${user.name}' may not ${what} (P10). Give the contact one of the portal roles ${allowed.join(', ')}.`)
}

function refusal(message: string): DataverseError {
  return dataverseError('AccessDenied', {}, { message })
}
