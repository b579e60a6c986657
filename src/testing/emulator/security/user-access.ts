import { fieldPermission } from '../../../entities/field-permission.ts'
import type { TableDefinition } from '../../../entities/index.ts'
import { privilegeDepth } from '../../../entities/role-privileges.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../../query/index.ts'
import { dataverseError, type EntityReference } from '../../../service/index.ts'
import { hierarchySettings, levelsBelow } from '../hierarchy.ts'
import { organization } from '../organization.ts'
import type { Schema } from '../schema.ts'
import type { View } from '../store.ts'
import { type AccessRight, ALL_RIGHTS, accessRights } from './access-rights.ts'
import type { Privilege, Privileges } from './privileges.ts'
import { sharedWith } from './sharing.ts'

/** Which rows of a table somebody reaches: all, or those of these owners and of these business units. */
export interface Reach {
  readonly all: boolean
  readonly owners: ReadonlySet<string>
  readonly units: ReadonlySet<string>
}

/** Who holds roles on a user's behalf: the user, or a team that the user is a member of. */
interface Holder {
  readonly id: string
  readonly isTeam: boolean
  readonly unit: string | undefined
  /** The greatest depth by privilege id. */
  readonly depths: ReadonlyMap<string, number>
}

type ColumnAction = 'canread' | 'cancreate' | 'canupdate'

/** Positions of what decides about a row, by table; worked out once. */
interface Guard {
  readonly ownerAt: number
  readonly unitAt: number
  /** The lookup to the row that decides, on tables whose rows are parts of others. */
  readonly parentAt: number
}
const guards = new WeakMap<TableDefinition, Guard>()

function guardOf(table: TableDefinition): Guard {
  let guard = guards.get(table)
  if (!guard) {
    const { positions } = layoutOf(table)
    const parent =
      table.ownership === 'none'
        ? Object.values(table.manyToOne).find(({ behavior }) => behavior.delete === 'all' && behavior.share === 'all')
        : undefined
    const unit = table.ownership === 'user' ? 'owningbusinessunit' : 'businessunitid'
    guard = {
      ownerAt: positions.get('ownerid') ?? -1,
      unitAt: table.ownership === 'organization' ? -1 : (positions.get(unit) ?? -1),
      parentAt: parent ? positions.get(parent.column)! : -1,
    }
    guards.set(table, guard)
  }
  return guard
}

/**
 * What one user may do, worked out from roles, teams, business units and shares, as far as it was asked for. It holds as
 * long as nobody writes to those.
 */
export class UserAccess {
  readonly isAdministrator: boolean
  private readonly holders: readonly Holder[]
  private readonly roleIds: ReadonlySet<string>
  private readonly principals: readonly string[]
  private readonly reaches = new Map<string, Reach | null>()
  private readonly columns = new Map<string, ReadonlyMap<string, ReadonlySet<ColumnAction>>>()
  private shares: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined
  private sharesStamp = -1
  private reporting: ReadonlyMap<string, number> | undefined

  constructor(
    private readonly schema: Schema,
    private readonly privileges: Privileges,
    private readonly view: View,
    readonly userId: string,
  ) {
    const user = view.get('systemuser', userId)
    if (!user || this.cell('systemuser', user, 'isdisabled') === true) {
      throw dataverseError('unManagedidsusernotenabled', {})
    }
    const teams = this.linked('teammembership', 'systemuserid', userId, 'teamid')
    this.principals = [userId, ...teams]
    const roleIds = new Set<string>()
    this.holders = this.principals.map((id, at) => this.holder(id, at > 0, roleIds))
    this.roleIds = roleIds
    if (roleIds.size === 0) throw dataverseError('UserNotAssignedRoles', {})
    this.isAdministrator = roleIds.has(organization.administratorRoleId)
  }

  /** The rows that the user reaches with this right; `null`: none, for want of the privilege. */
  reach(table: string, right: AccessRight): Reach | null {
    const key = `${table}\0${right}`
    let reach = this.reaches.get(key)
    if (reach === undefined) {
      const privilege = this.privileges.of(table, right)
      reach = privilege && !this.isAdministrator ? this.reachOf(table, privilege, right) : EVERYTHING
      this.reaches.set(key, reach)
    }
    return reach
  }

  /** The greatest depth to which the user has the privilege; 0: not at all. */
  depthOf(privilege: Privilege): number {
    if (this.isAdministrator) return privilegeDepth.Global
    return Math.max(0, ...this.holders.map(({ depths }) => depths.get(privilege.id) ?? 0))
  }

  holds(name: string): boolean {
    const privilege = this.privileges.named(name)
    return this.isAdministrator || (privilege !== undefined && this.depthOf(privilege) > 0)
  }

  /** Whether the right reaches a row: by its owner, its business unit, its parent, or because it is shared. */
  reachesRow(view: View, table: TableDefinition, row: StoredRow, right: AccessRight): boolean {
    return this.rowTest(view, table, right)(row)
  }

  /** Says of rows of a table whether the right reaches them; what is the same for all of them is looked up once. */
  rowTest(view: View, table: TableDefinition, right: AccessRight): (row: StoredRow) => boolean {
    const reach = this.reach(table.logicalName, right)
    if (!reach) return nothing
    const { ownerAt, unitAt, parentAt } = guardOf(table)
    if (reach.all || (ownerAt < 0 && parentAt < 0 && unitAt < 0)) return everything
    const { owners, units } = reach
    const isPrincipal = table.logicalName === 'systemuser' || table.logicalName === 'team'
    const shared = this.sharedRows(view, table.logicalName)
    const bit = accessRights[right]
    return (row) => {
      if (ownerAt >= 0 && owners.has((row[ownerAt] as EntityReference | null)?.id ?? '')) return true
      if (unitAt >= 0 && units.has((row[unitAt] as EntityReference | null)?.id ?? '')) return true
      if (isPrincipal && owners.has(idOf(row))) return true
      if (parentAt >= 0) return this.reachesParent(view, row[parentAt] as EntityReference | null, right)
      return shared !== undefined && ((shared.get(idOf(row)) ?? 0) & bit) !== 0
    }
  }

  /** Whose rows, in the eyes of the platform, a new row of this owner would be. */
  reachesOwner(view: View, table: TableDefinition, owner: EntityReference, right: AccessRight): boolean {
    const reach = this.reach(table.logicalName, right)
    if (!reach) return false
    if (reach.all || reach.owners.has(owner.id)) return true
    const row = view.get(owner.logicalName, owner.id)
    const unit = row && (this.cell(owner.logicalName, row, 'businessunitid') as EntityReference | null)
    return unit ? reach.units.has(unit.id) : false
  }

  /** Whether a column that is not secured, or that a profile opens to the user. */
  mayColumn(table: TableDefinition, column: string, action: ColumnAction): boolean {
    if (!table.columns[column]?.secured || this.isAdministrator) return true
    return this.permissionsOn(table.logicalName).get(column)?.has(action) ?? false
  }

  describe(): { readonly roles: number; readonly privileges: number } {
    const held = new Set(this.holders.flatMap(({ depths }) => [...depths.keys()]))
    return { roles: this.roleIds.size, privileges: this.isAdministrator ? this.privileges.all().length : held.size }
  }

  /** What the user holds, each privilege with its greatest depth. */
  held(): ReadonlyMap<Privilege, number> {
    const all = this.privileges.all().map((privilege) => [privilege, this.depthOf(privilege)] as const)
    return new Map(all.filter(([, depth]) => depth > 0))
  }

  /** What is shared with the user, with a team of the user, or with somebody who reports to the user. */
  private sharedRows(view: View, table: string): ReadonlyMap<string, number> | undefined {
    const stamp = view.stamp('sharing')
    if (stamp !== this.sharesStamp || !this.shares) {
      const merged = new Map<string, Map<string, number>>()
      const own = this.principals.map((id) => [id, ALL_RIGHTS] as const)
      for (const [principal, allowed] of [...own, ...this.reports()]) {
        for (const [name, rows] of sharedWith(view, principal)) {
          const known = merged.get(name) ?? new Map<string, number>()
          for (const [id, mask] of rows) known.set(id, (known.get(id) ?? 0) | (mask & allowed))
          merged.set(name, known)
        }
      }
      this.shares = merged
      this.sharesStamp = stamp
    }
    return this.shares.get(table)
  }

  private reachesParent(view: View, parent: EntityReference | null, right: AccessRight): boolean {
    if (!parent || !this.schema.has(parent.logicalName)) return true
    const row = view.get(parent.logicalName, parent.id)
    // To change a part is to change the whole.
    const needed = right === 'Create' || right === 'Delete' ? 'Write' : right
    return !row || this.reachesRow(view, this.schema.table(parent.logicalName), row, needed)
  }

  private reachOf(table: string, privilege: Privilege, right: AccessRight): Reach | null {
    const owners = new Set<string>()
    const units = new Set<string>()
    const isOwned = this.schema.table(table).ownership !== 'organization'
    let allowed = false
    for (const { id, isTeam, unit, depths } of this.holders) {
      const depth = depths.get(privilege.id) ?? 0
      if (depth === 0) continue
      if (depth >= privilegeDepth.Global || !isOwned) return EVERYTHING
      allowed = true
      owners.add(this.userId).add(id)
      // A user's own role also opens what the user's teams own.
      if (!isTeam) for (const principal of this.principals) owners.add(principal)
      if (unit && depth >= privilegeDepth.Local) units.add(unit)
      if (unit && depth >= privilegeDepth.Deep) for (const below of this.unitsBelow(unit)) units.add(below)
    }
    if (!allowed) return null
    if (this.schema.table(table).ownership === 'user') {
      for (const [id, mask] of this.reports()) if (mask & accessRights[right]) owners.add(id)
    }
    return { all: false, owners, units }
  }

  /**
   * The users and teams whose rows the user reaches by hierarchy security, with the rights to them: those of direct reports
   * may be changed, those further down read. A manager has to be in the report's business unit, or above it.
   *
   * @see https://learn.microsoft.com/power-platform/admin/hierarchy-security
   */
  private reports(): ReadonlyMap<string, number> {
    this.reporting ??= new Map(this.isAdministrator ? [] : this.findReports())
    return this.reporting
  }

  private *findReports(): Generator<readonly [string, number], void, undefined> {
    const { isEnabled, byPosition, depth } = hierarchySettings(this.view)
    if (!isEnabled) return
    const unit = this.holders[0]!.unit
    const units = unit === undefined ? new Set<string>() : this.unitsBelow(unit).add(unit)
    const seen = new Set(this.principals)
    let mask = DIRECT_REPORTS
    let level = 0
    for (const users of levelsBelow(this.view, this.userId)) {
      if (++level > depth) return
      for (const id of users) {
        const report = this.cell(
          'systemuser',
          this.view.get('systemuser', id)!,
          'businessunitid',
        ) as EntityReference | null
        if (!byPosition && !(report && units.has(report.id))) continue
        for (const principal of [id, ...this.linked('teammembership', 'systemuserid', id, 'teamid')]) {
          if (!seen.has(principal)) yield [principal, mask]
          // What is reached from higher up may be done more with.
          seen.add(principal)
        }
      }
      mask = accessRights.Read
    }
  }

  private unitsBelow(unit: string): Set<string> {
    const children = new Map<string, string[]>()
    for (const row of this.view.scan('businessunit')) {
      const parent = (this.cell('businessunit', row, 'parentbusinessunitid') as EntityReference | null)?.id
      if (parent) children.set(parent, [...(children.get(parent) ?? []), idOf(row)])
    }
    const below = new Set<string>()
    const visit = (id: string) => {
      for (const child of children.get(id) ?? []) {
        if (below.has(child)) continue
        below.add(child)
        visit(child)
      }
    }
    visit(unit)
    return below
  }

  private holder(id: string, isTeam: boolean, roleIds: Set<string>): Holder {
    const table = isTeam ? 'team' : 'systemuser'
    const row = this.view.get(table, id)
    const unit = row && (this.cell(table, row, 'businessunitid') as EntityReference | null)
    const depths = new Map<string, number>()
    const [links, column] = isTeam ? ['teamroles', 'teamid'] : ['systemuserroles', 'systemuserid']
    for (const role of this.linked(links!, column!, id, 'roleid')) {
      roleIds.add(role)
      for (const granted of this.find('roleprivileges', 'roleid', role)) {
        const privilege = this.cell('roleprivileges', granted, 'privilegeid') as EntityReference
        const depth = this.cell('roleprivileges', granted, 'privilegedepthmask') as number
        depths.set(privilege.id, Math.max(depths.get(privilege.id) ?? 0, depth))
      }
    }
    return { id, isTeam, unit: unit?.id, depths }
  }

  private permissionsOn(table: string): ReadonlyMap<string, ReadonlySet<ColumnAction>> {
    let permissions = this.columns.get(table)
    if (!permissions) {
      const byColumn = new Map<string, Set<ColumnAction>>()
      const profiles = this.principals.flatMap((id, at) =>
        at === 0
          ? this.linked('systemuserprofiles', 'systemuserid', id, 'fieldsecurityprofileid')
          : this.linked('teamprofiles', 'teamid', id, 'fieldsecurityprofileid'),
      )
      for (const profile of profiles) {
        for (const row of this.find('fieldpermission', 'fieldsecurityprofileid', profile)) {
          if (this.cell('fieldpermission', row, 'entityname') !== table) continue
          const column = this.cell('fieldpermission', row, 'attributelogicalname') as string
          const actions = byColumn.get(column) ?? new Set<ColumnAction>()
          for (const action of ['canread', 'cancreate', 'canupdate'] as const) {
            if (this.cell('fieldpermission', row, action) === fieldPermission.Allowed) actions.add(action)
          }
          byColumn.set(column, actions)
        }
      }
      permissions = byColumn
      this.columns.set(table, permissions)
    }
    return permissions
  }

  private linked(intersect: string, by: string, id: string, other: string): string[] {
    return this.find(intersect, by, id).map((row) => this.cell(intersect, row, other) as string)
  }

  private find(table: string, column: string, id: string): readonly StoredRow[] {
    return this.view.find(table, layoutOf(this.view.definition(table)).positions.get(column)!, id)
  }

  private cell(table: string, row: StoredRow, column: string): StoredValue {
    return row[layoutOf(this.schema.table(table)).positions.get(column)!] ?? null
  }
}

const everything = () => true
const nothing = () => false
const EVERYTHING: Reach = Object.freeze({ all: true, owners: new Set<string>(), units: new Set<string>() })
const DIRECT_REPORTS = accessRights.Read | accessRights.Write | accessRights.Append | accessRights.AppendTo
