import { dataverseError, type EntityReference, isEntityReference } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import { findRow } from '../keys.ts'
import { parseAccessMask, SHAREABLE_RIGHTS } from '../security/access-rights.ts'
import { share, sharedRights } from '../security/sharing.ts'
import type { View } from '../store.ts'
import { refuseMissing } from '../write-row.ts'
import type { EmulatedMessage } from './message.ts'

interface PrincipalAccess {
  readonly Target: EntityReference
  readonly PrincipalAccess: { readonly Principal: EntityReference; readonly AccessMask: string }
}

const parameters = { Target: { type: 'EntityReference' }, PrincipalAccess: { type: 'Object' } } as const

/**
 * Shares a row with a user or a team, beside what it is already shared for.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/grantaccess
 */
export const grantAccess: EmulatedMessage<PrincipalAccess> = {
  name: 'GrantAccess',
  parameters,
  handle: (call, { Target, PrincipalAccess }) =>
    sharing(call, 'GrantAccess', Target, PrincipalAccess, (view, principal, mask) =>
      share(call, view, Target, principal, sharedRights(view, Target, principal.id) | mask),
    ),
}

/** Shares a row with a user or a team for exactly this. */
export const modifyAccess: EmulatedMessage<PrincipalAccess> = {
  name: 'ModifyAccess',
  parameters,
  handle: (call, { Target, PrincipalAccess }) =>
    sharing(call, 'ModifyAccess', Target, PrincipalAccess, (view, principal, mask) =>
      share(call, view, Target, principal, mask),
    ),
}

/** Shares a row with a user or a team no longer. */
export const revokeAccess: EmulatedMessage<{ readonly Target: EntityReference; readonly Revokee: EntityReference }> = {
  name: 'RevokeAccess',
  parameters: { Target: { type: 'EntityReference' }, Revokee: { type: 'EntityReference' } },
  handle: (call, { Target, Revokee }) =>
    sharing(call, 'RevokeAccess', Target, { Principal: Revokee, AccessMask: '' }, (view, principal) =>
      share(call, view, Target, principal, 0),
    ),
}

function sharing(
  call: Call,
  message: string,
  target: EntityReference,
  { Principal, AccessMask }: PrincipalAccess['PrincipalAccess'],
  apply: (view: View, principal: EntityReference, mask: number) => void,
): MessageHandler<object> {
  const table = call.environment.schema.table(target.logicalName)
  findRow(call.view, table, target.id)
  if (!isEntityReference(Principal) || !['systemuser', 'team'].includes(Principal.logicalName)) {
    throw dataverseError('InvalidArgument', { reason: `${message}: a principal is a reference to a user or a team.` })
  }
  const principal = { logicalName: Principal.logicalName, id: Principal.id.toLowerCase() }
  refuseMissing(call.view, principal)
  if (table.ownership !== 'user') throw dataverseError('SdkEntityDoesNotSupportMessage', {})
  const mask = parseAccessMask(AccessMask) & SHAREABLE_RIGHTS
  return {
    message,
    table: table.logicalName,
    id: target.id,
    target,
    inputParameters: { PrincipalAccess: { Principal: principal, AccessMask } },
    authorize: (access, view) => access.requireShare(view, table, findRow(view, table, target.id), mask),
    main(view) {
      apply(view, principal, mask)
      return {}
    },
  }
}
