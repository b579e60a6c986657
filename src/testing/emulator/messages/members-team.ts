import { isGuid } from '../../../internal/ids.ts'
import { dataverseError, type EntityReference, isEntityReference, type Row, reference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface MembersTeam {
  readonly Target: EntityReference
  readonly Members: readonly (EntityReference | Row)[]
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addmembersteam */
function changing(name: 'AddMembersTeam' | 'RemoveMembersTeam'): EmulatedMessage<MembersTeam> {
  return {
    name,
    parameters: {
      Target: { type: 'EntityReference', table: { logicalName: 'team' } },
      Members: { type: 'ObjectCollection' },
    },
    handle(call, { Target, Members }) {
      findRow(call.view, call.environment.schema.table('team'), Target.id)
      const users = Members.map(userOf)
      return {
        message: name,
        table: 'team',
        id: Target.id,
        target: Target,
        inputParameters: { Members: users },
        async main() {
          const service = call.transactional()
          const method = name === 'AddMembersTeam' ? service.associate : service.disassociate
          await method('team', Target.id, 'teammembership_association', users)
          return {}
        },
      }
    },
  }
}

/** A member is given as a reference, or as a row with the user's key, as over the Web API. */
function userOf(member: EntityReference | Row): EntityReference {
  if (isEntityReference(member) && member.logicalName === 'systemuser') return member
  const { systemuserid, ownerid } = member as Row
  const id = systemuserid ?? ownerid
  if (isGuid(id)) return reference('systemuser', id)
  throw dataverseError('InvalidArgument', { reason: "A member of a team is a user: give its 'systemuserid'." })
}

export const addMembersTeam = changing('AddMembersTeam')
export const removeMembersTeam = changing('RemoveMembersTeam')
