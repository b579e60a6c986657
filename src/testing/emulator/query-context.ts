import {
  type Comparable,
  comparable,
  type FiscalSettings,
  idOf,
  layoutOf,
  type QueryContext,
  type StoredRow,
  type StoredValue,
  timeZoneOf,
} from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'
import type { Call } from './call.ts'
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
    return subordinatesOf(this.view, userId)
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

/** A column's value; `null` where there is no such row, column or value. */
function columnValue(view: View, table: string, id: string, name: string): StoredValue {
  const row = view.get(table, id)
  const position = row && layoutOf(view.definition(table)).positions.get(name)
  return position === undefined ? null : (row?.[position] ?? null)
}

/** What `wanted` holds in the rows whose column `by` has the value. */
function column(view: View, table: string, by: string, value: Comparable, wanted: string): string[] {
  const { positions, columns } = layoutOf(view.definition(table))
  const at = positions.get(wanted)!
  return find(view, table, by, value).flatMap((row) => (comparable(columns[at]!, row[at] ?? null) as string) ?? [])
}

function find(view: View, table: string, by: string, value: Comparable): readonly StoredRow[] {
  const position = layoutOf(view.definition(table)).positions.get(by)
  return position === undefined ? [] : view.find(table, position, value)
}

/** The users below a user, through their managers. */
function subordinatesOf(view: View, user: string): string[] {
  const below = new Set<string>()
  const waiting = [user]
  for (let manager = waiting.pop(); manager !== undefined; manager = waiting.pop()) {
    for (const row of find(view, 'systemuser', 'parentsystemuserid', manager)) {
      if (below.has(idOf(row)) || idOf(row) === user) continue
      below.add(idOf(row))
      waiting.push(idOf(row))
    }
  }
  return [...below]
}
