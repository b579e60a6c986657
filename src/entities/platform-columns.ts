import { column } from './column.ts'
import type { States } from './states.ts'

/** Who owns a table's rows. */
export type Ownership = 'user' | 'organization' | 'none'

const platform = { standard: true, readOnly: true } as const

/** Columns that the platform keeps on every row. */
export const auditColumns = {
  createdon: column.dateTime({ label: 'Created On', ...platform }),
  createdby: column.lookup({ label: 'Created By', to: ['systemuser'], ...platform }),
  createdonbehalfby: column.lookup({ label: 'Created By (Delegate)', to: ['systemuser'], ...platform }),
  modifiedon: column.dateTime({ label: 'Modified On', ...platform }),
  modifiedby: column.lookup({ label: 'Modified By', to: ['systemuser'], ...platform }),
  modifiedonbehalfby: column.lookup({ label: 'Modified By (Delegate)', to: ['systemuser'], ...platform }),
  overriddencreatedon: column.dateTime({ label: 'Record Created On', standard: true }),
  versionnumber: column.bigint({ label: 'Version Number', ...platform }),
}

/** Columns that the platform keeps on the rows of user-owned tables. */
export const ownerColumns = {
  ownerid: column.lookup({ label: 'Owner', to: ['systemuser', 'team'], standard: true }),
  owninguser: column.lookup({ label: 'Owning User', to: ['systemuser'], ...platform }),
  owningteam: column.lookup({ label: 'Owning Team', to: ['team'], ...platform }),
  owningbusinessunit: column.lookup({ label: 'Owning Business Unit', to: ['businessunit'], ...platform }),
}

/** The state and status columns that follow from a table's states. */
export function stateColumns(states: States) {
  const values = Object.entries(states).map(([label, { value }]) => [label, value] as const)
  const reasons = Object.values(states).flatMap((state) => Object.entries(state.reasons))
  const base = { documented: true, standard: true, required: 'none', readOnly: false } as const
  return {
    statecode: { ...base, type: 'state', label: 'Status', options: Object.fromEntries(values) },
    statuscode: { ...base, type: 'status', label: 'Status Reason', options: Object.fromEntries(reasons) },
  } as const
}
