import { layoutOf } from '../../../query/index.ts'
import { dataverseError, isEntityReference, type Row } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface CloseIncident {
  readonly Status: number
  readonly IncidentResolution: Row
}

/**
 * Resolves an active case: writes the case resolution, then the case's state and status reason.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/closeincident
 */
export const closeIncident: EmulatedMessage<CloseIncident> = {
  name: 'CloseIncident',
  parameters: { Status: { type: 'Integer' }, IncidentResolution: { type: 'Entity' } },
  handle(call, { Status, IncidentResolution }) {
    const incident = call.environment.schema.table('incident')
    const of = IncidentResolution.incidentid
    if (!isEntityReference(of)) {
      throw dataverseError('InvalidArgument', { reason: "CloseIncident: IncidentResolution needs 'incidentid'." })
    }
    const row = findRow(call.view, incident, of.id)
    if (row[layoutOf(incident).positions.get('statecode')!] !== 0) throw dataverseError('InvalidState', {})
    return {
      message: 'CloseIncident',
      table: null,
      id: null,
      target: Object.freeze({}),
      inputParameters: { Status, IncidentResolution },
      async main() {
        const service = call.nested()
        await service.create('incidentresolution', { ...IncidentResolution, statecode: 1 })
        await service.update('incident', of.id, { statecode: 1, ...(Status === -1 ? {} : { statuscode: Status }) })
        return {}
      },
    }
  },
}
