import { privilegeDepth } from '../../../entities/role-privileges.ts'
import { idOf, layoutOf } from '../../../query/index.ts'
import { dataverseError, type EntityReference, reference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface AddPrivilegesRole {
  readonly RoleId: string
  readonly Privileges: readonly { readonly PrivilegeId: string; readonly Depth: string | number }[]
}

/** The numbers of the enumeration `PrivilegeDepth`, which are not those of the mask. */
const byNumber = ['Basic', 'Local', 'Deep', 'Global'] as const

/**
 * Adds privileges to a role, or changes how far they reach.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addprivilegesrole
 */
export const addPrivilegesRole: EmulatedMessage<AddPrivilegesRole> = {
  name: 'AddPrivilegesRole',
  parameters: {
    RoleId: { type: 'Guid' },
    Privileges: { type: 'ObjectCollection' },
  },
  handle(call, { RoleId, Privileges }) {
    const { schema, privileges } = call.environment
    findRow(call.view, schema.table('role'), RoleId)
    const role = reference('role', RoleId)
    const granted = Privileges.map(({ PrivilegeId, Depth }) => {
      const privilege = privileges.withId(String(PrivilegeId).toLowerCase())
      if (!privilege) throw dataverseError('ObjectDoesNotExist', { table: 'privilege', id: PrivilegeId })
      return { privilege, mask: maskOf(Depth) }
    })
    return {
      message: 'AddPrivilegesRole',
      table: 'role',
      id: RoleId,
      target: role,
      inputParameters: { Privileges },
      async main(view) {
        const table = schema.table('roleprivileges')
        const { positions } = layoutOf(table)
        const service = call.nested()
        for (const { privilege, mask } of granted) {
          const privilegeid = reference('privilege', privilege.id)
          const existing = view
            .find('roleprivileges', positions.get('roleid')!, RoleId)
            .find((row) => (row[positions.get('privilegeid')!] as EntityReference).id === privilege.id)
          if (existing) await service.update('roleprivileges', idOf(existing), { privilegedepthmask: mask })
          else {
            const row = { privilegeidname: privilege.name, roleid: role, privilegeid, privilegedepthmask: mask }
            await service.create('roleprivileges', row)
          }
        }
        return {}
      },
    }
  },
}

function maskOf(depth: string | number): number {
  const name = typeof depth === 'number' ? byNumber[depth] : depth
  if (name === undefined || !Object.hasOwn(privilegeDepth, name)) {
    throw dataverseError('InvalidArgument', { reason: `'${depth}' is not a depth: Basic, Local, Deep or Global.` })
  }
  return privilegeDepth[name as keyof typeof privilegeDepth]
}
