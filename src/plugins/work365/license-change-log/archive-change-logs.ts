import { LicenseChangeLog } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { dataverseError } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'

const { value: INACTIVE, reasons } = LicenseChangeLog.states!.Inactive!

/**
 * L15: archives change logs, because they were invoiced or are left out of billing on purpose. All of them, or none when one
 * does not exist; those that are archived already stay as they are.
 *
 * @see https://support.work365apps.com/support/solutions/articles/150000165235
 */
export const archiveChangeLogsApi = defineCustomApi({
  uniqueName: 'work365_ArchiveLicenseChangeLogs',
  displayName: 'Archive license change logs',
  description: 'Makes change logs inactive with the status reason Archived.',
  kind: 'action',
  rules: ['L15'],
  parameters: { Ids: { type: 'StringArray', description: 'The ids of the change logs, at most 5000.' } },
  response: { Archived: { type: 'Integer' }, AlreadyArchived: { type: 'Integer' } },

  async run({ parameters: { Ids }, service }) {
    const ids = [...new Set(Ids.map((id) => id.toLowerCase()))]
    if (ids.length === 0) return { Archived: 0, AlreadyArchived: 0 }
    const { rows } = await service.retrieveMultiple(
      select(LicenseChangeLog, ['work365_licensechangelogid', 'statecode']).where(
        'work365_licensechangelogid',
        'in',
        ...ids,
      ),
    )
    const states = new Map(rows.map((row) => [row.work365_licensechangelogid, row.statecode]))
    const unknown = ids.find((id) => !states.has(id))
    if (unknown !== undefined) {
      throw dataverseError('ObjectDoesNotExist', { table: LicenseChangeLog.logicalName, id: unknown })
    }
    const open = ids.filter((id) => states.get(id) !== INACTIVE)
    for (const id of open) {
      await service.update(LicenseChangeLog, id, { statecode: INACTIVE as 1, statuscode: reasons.Archived! as 2 })
    }
    return { Archived: open.length, AlreadyArchived: ids.length - open.length }
  },
})
