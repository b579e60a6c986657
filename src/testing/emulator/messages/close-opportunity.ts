import { layoutOf } from '../../../query/index.ts'
import { dataverseError, isEntityReference, type Row } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface CloseOpportunity {
  readonly Status: number
  readonly OpportunityClose: Row
}

/**
 * Ends an open opportunity: writes the opportunity close activity, then the opportunity's state and status reason.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/winopportunity
 */
function closing(name: 'WinOpportunity' | 'LoseOpportunity', state: number): EmulatedMessage<CloseOpportunity> {
  return {
    name,
    parameters: { Status: { type: 'Integer' }, OpportunityClose: { type: 'Entity' } },
    handle(call, { Status, OpportunityClose }) {
      const { schema } = call.environment
      const opportunity = schema.table('opportunity')
      const of = OpportunityClose.opportunityid
      if (!isEntityReference(of)) {
        throw dataverseError('InvalidArgument', { reason: `${name}: OpportunityClose needs 'opportunityid'.` })
      }
      const row = findRow(call.view, opportunity, of.id)
      if (row[layoutOf(opportunity).positions.get('statecode')!] !== 0) throw dataverseError('InvalidState', {})
      return {
        message: name,
        table: null,
        id: null,
        target: Object.freeze({}),
        inputParameters: { Status, OpportunityClose },
        async main() {
          const service = call.nested()
          const { actualrevenue, actualend } = OpportunityClose
          await service.create('opportunityclose', { ...OpportunityClose, statecode: 1 })
          await service.update('opportunity', of.id, {
            // A close without an amount is at what the opportunity was estimated at.
            ...(actualrevenue === undefined || state === 2 ? {} : { actualvalue: actualrevenue }),
            actualclosedate: (actualend instanceof Date ? actualend : call.now()).toISOString().slice(0, 10),
            statecode: state,
            ...(Status === -1 ? {} : { statuscode: Status }),
          })
          return {}
        },
      }
    },
  }
}

export const winOpportunity = closing('WinOpportunity', 1)
export const loseOpportunity = closing('LoseOpportunity', 2)
