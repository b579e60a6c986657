import { privilegeDepth } from '../../../entities/role-privileges.ts'
import { layoutOf } from '../../../query/index.ts'
import type { EntityReference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import { UserAccess } from '../security/user-access.ts'
import type { EmulatedMessage } from './message.ts'

const depths = Object.entries(privilegeDepth)

/**
 * The privileges that a user has by roles of its own and of its teams, each with how far it reaches at most.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveuserprivileges
 */
export const retrieveUserPrivileges: EmulatedMessage<{ readonly UserId: string }> = {
  name: 'RetrieveUserPrivileges',
  parameters: { UserId: { type: 'Guid' } },
  handle(call, { UserId: id }) {
    const { schema, privileges, organization } = call.environment
    const user = schema.table('systemuser')
    const { positions } = layoutOf(user)
    const own = findRow(call.view, user, id)[positions.get('businessunitid')!] as EntityReference | null
    const unit = own?.id ?? organization.businessUnitId
    return {
      message: 'RetrieveUserPrivileges',
      table: null,
      id: null,
      target: {},
      readOnly: true,
      main(view) {
        const held = new UserAccess(schema, privileges, view, id).held()
        return {
          RolePrivileges: [...held].map(([privilege, depth]) => ({
            PrivilegeId: privilege.id,
            PrivilegeName: privilege.name,
            Depth: depths.find(([, mask]) => mask === depth)![0],
            BusinessUnitId: unit,
          })),
        }
      },
    }
  },
}
