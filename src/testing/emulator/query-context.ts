import {
  type Comparable,
  comparable,
  type FiscalSettings,
  layoutOf,
  type QueryContext,
  type StoredValue,
  timeZoneOf,
} from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'
import type { Call } from './call.ts'
import { levelsBelow } from './hierarchy.ts'
import { columnValue, rowsWhere } from './row-values.ts'
import type { View } from './store.ts'

/** Who asks, when, and in which calendar: read from the rows of the environment, when a query needs it. */
export class CallContext implements Partial<QueryContext> {
  /** All rows: who asks is known whatever they may see. */
  private readonly view: View

  constructor(
    private readonly call: Call,
    view: View,
  ) {
    this.view = view.open
  }

  get userId() {
    return this.call.session.userId
  }
  get now() {
    return this.call.now()
  }
  get businessUnitId() {
    const own = columnValue(this.view, 'systemuser', this.userId, 'businessunitid') as { id: string } | null
    return own?.id ?? this.call.environment.organization.businessUnitId
  }
  get timeZone() {
    return zoneOf(this.ofUser('timezonecode'))
  }
  get language() {
    return (this.ofUser('uilanguageid') as number | null) ?? 1033
  }
  get firstDayOfWeek() {
    return (this.ofOrganization('weekstartdaycode') as number | null) ?? 0
  }
  get fiscal() {
    return fiscalSettings(this.ofOrganization('fiscalcalendarstart'), this.ofOrganization('fiscalperiodtype'))
  }
  teamsOf(userId: string) {
    return column(this.view, 'teammembership', 'systemuserid', userId, 'teamid')
  }
  subordinatesOf(userId: string) {
    return [...levelsBelow(this.view, userId)].flat()
  }

  private ofUser(name: string): StoredValue {
    return columnValue(this.view, 'usersettings', this.userId, name)
  }
  private ofOrganization(name: string): StoredValue {
    const { organizationId } = this.call.environment.organization
    return columnValue(this.view, 'organization', organizationId, name)
  }
}

function zoneOf(code: StoredValue): string {
  if (code === null) return 'UTC'
  const zone = timeZoneOf(code as number)
  if (zone === undefined) {
    throw dataverseError('InvalidQuery', {
      reason: `The emulator does not know the time zone with the code ${String(code)}.`,
    })
  }
  return zone
}

const periods: Readonly<Record<number, FiscalSettings['periods']>> = { 2000: 1, 2001: 2, 2002: 4, 2003: 12, 2004: 13 }

function fiscalSettings(start: StoredValue, type: StoredValue): FiscalSettings {
  const begins = new Date((start as number | null) ?? Date.UTC(2000, 0, 1))
  return {
    month: begins.getUTCMonth() + 1,
    day: begins.getUTCDate(),
    periods: periods[(type as number | null) ?? 2002] ?? 4,
  }
}

/** What `wanted` holds in the rows whose column `by` has the value. */
function column(view: View, table: string, by: string, value: Comparable, wanted: string): string[] {
  const { positions, columns } = layoutOf(view.definition(table))
  const at = positions.get(wanted)!
  return rowsWhere(view, table, by, value).flatMap((row) => (comparable(columns[at]!, row[at] ?? null) as string) ?? [])
}
