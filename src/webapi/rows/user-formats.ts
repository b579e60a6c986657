import { timeZoneOf } from '../../query/index.ts'
import { DataverseError, type OrganizationService, type Row } from '../../service/index.ts'
import type { Model } from '../model.ts'
import { type Formats, formatsFor, type UserSettings } from './formatted-values.ts'

/**
 * How the caller reads numbers and times: by the given settings, and where they leave the time zone open, by the caller's
 * own row of `usersettings`.
 */
export async function formatsOf(
  service: OrganizationService,
  model: Model,
  settings: UserSettings = {},
): Promise<Formats> {
  if (settings.timeZone !== undefined || !model.find('usersettings')) return formatsFor(settings)
  const timeZone = await timeZoneOfCaller(service)
  return formatsFor({ ...settings, ...(timeZone === undefined ? {} : { timeZone }) })
}

async function timeZoneOfCaller(service: OrganizationService): Promise<string | undefined> {
  const { UserId } = await service.execute('WhoAmI', {})
  try {
    const row: Row = await service.retrieve<string, string>('usersettings', UserId, ['timezonecode'])
    return typeof row.timezonecode === 'number' ? timeZoneOf(row.timezonecode) : undefined
  } catch (error) {
    // A user without settings has those of the environment.
    if (DataverseError.isInstance(error) && error.status === 404) return undefined
    throw error
  }
}
