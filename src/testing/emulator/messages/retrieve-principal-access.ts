import { layoutOf } from '../../../query/index.ts'
import { dataverseError, type EntityReference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import { ALL_RIGHTS, accessRights, printAccessMask, SHAREABLE_RIGHTS } from '../security/access-rights.ts'
import { sharedRights } from '../security/sharing.ts'
import type { EmulatedMessage } from './message.ts'

interface RetrievePrincipalAccess {
  readonly Target: EntityReference
  readonly Principal: EntityReference
}

/**
 * What a user, or a team by what it owns and what is shared with it, may do with a row. Over the Web API it is bound to
 * the principal, and `Target` is the row. Where security is off, that is everything.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveprincipalaccess
 */
export const retrievePrincipalAccess: EmulatedMessage<RetrievePrincipalAccess> = {
  name: 'RetrievePrincipalAccess',
  parameters: { Target: { type: 'EntityReference' }, Principal: { type: 'EntityReference' } },
  handle(call, { Target, Principal }) {
    const { schema, security } = call.environment
    const table = schema.table(Target.logicalName)
    if (!['systemuser', 'team'].includes(Principal.logicalName)) {
      throw dataverseError('InvalidArgument', { reason: 'A principal is a user or a team.' })
    }
    findRow(call.view, schema.table(Principal.logicalName), Principal.id)
    return {
      message: 'RetrievePrincipalAccess',
      table: null,
      id: null,
      target: {},
      readOnly: true,
      main(view) {
        const row = findRow(view, table, Target.id)
        const possible =
          table.ownership === 'user' ? ALL_RIGHTS : ALL_RIGHTS & ~(accessRights.Share | accessRights.Assign)
        if (!security) return { AccessRights: printAccessMask(possible) }
        if (Principal.logicalName === 'systemuser') {
          return { AccessRights: printAccessMask(security.rightsOn(Principal.id, view, table, row) & possible) }
        }
        const owner = row[layoutOf(table).positions.get('ownerid') ?? -1] as EntityReference | null | undefined
        const mask = owner?.id === Principal.id ? SHAREABLE_RIGHTS : sharedRights(view, Target, Principal.id)
        return { AccessRights: printAccessMask(mask & possible) }
      },
    }
  },
}
