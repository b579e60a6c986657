import { Configuration } from '../../entities/index.ts'
import { dayIn } from '../../internal/time-zone.ts'
import { select } from '../../query/index.ts'
import { readSettings, type Settings } from '../../rules/index.ts'
import type { OrganizationService } from '../../service/index.ts'

const allRows = select(Configuration, ['work365_configuration_name', 'work365_configuration_value', 'statecode'])

/** Reads the settings from the environment's `work365_configuration` rows. */
export async function loadSettings(service: OrganizationService): Promise<Settings> {
  const { rows } = await service.retrieveMultiple(allRows)
  return readSettings(
    rows.map((row) => ({
      key: row.work365_configuration_name,
      value: row.work365_configuration_value,
      active: row.statecode === 0,
    })),
  )
}

/** The calendar day of the moment in the time zone of the settings. */
export async function today(service: OrganizationService, now: Date): Promise<string> {
  const { values } = await loadSettings(service)
  return dayIn(values.defaultTimeZone, now)
}
