import type { TableDefinition } from '../../../entities/index.ts'
import { privilegeDepth } from '../../../entities/role-privileges.ts'
import { idOf, layoutOf, type StoredRow } from '../../../query/index.ts'
import { type DataverseError, dataverseError, type EntityReference, type Row } from '../../../service/index.ts'
import type { Schema } from '../schema.ts'
import type { View } from '../store.ts'
import { type AccessRight, accessRights, SHAREABLE_RIGHTS } from './access-rights.ts'
import type { Privilege, Privileges } from './privileges.ts'
import type { Reach, UserAccess } from './user-access.ts'

/** Lookups that the platform sets itself, or that are checked in another way. */
const UNCHECKED = ['ownerid', 'owninguser', 'owningteam', 'owningbusinessunit', 'createdby', 'modifiedby']

/**
 * What a call may do: what each of its users may. Who impersonates somebody has the rights that both have.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/security-concepts
 */
export class Access {
  constructor(
    private readonly schema: Schema,
    private readonly privileges: Privileges,
    readonly users: readonly UserAccess[],
  ) {}

  /** Whether nothing at all has to be checked. */
  get isUnlimited(): boolean {
    return this.users.every(({ isAdministrator }) => isAdministrator)
  }

  /** What each user reaches on the table; `undefined` when all reach everything. */
  reaches(table: TableDefinition, right: AccessRight): readonly Reach[] | undefined {
    const reaches = this.users.map((user) => {
      this.requireReach(user, table, right)
      return user.reach(table.logicalName, right)!
    })
    return reaches.every(({ all }) => all) ? undefined : reaches
  }

  /** Says of rows of a table whether all users reach them. */
  rowTest(view: View, table: TableDefinition, right: AccessRight): (row: StoredRow) => boolean {
    const [first, ...others] = this.users.map((user) => user.rowTest(view, table, right))
    return others.length === 0 ? first! : (row) => first!(row) && others.every((test) => test(row))
  }

  mayRow(view: View, table: TableDefinition, row: StoredRow, right: AccessRight): boolean {
    return this.users.every((user) => user.reachesRow(view, table, row, right))
  }

  /** Refuses what a user may not do with a row: for want of the privilege, or because it does not reach the row. */
  requireRow(view: View, table: TableDefinition, row: StoredRow, right: AccessRight): void {
    for (const user of this.users) {
      this.requireReach(user, table, right)
      if (!user.reachesRow(view, table, row, right)) throw this.rowDenied(user, table, row, right)
    }
  }

  /** Refuses creating a row that would be this owner's. */
  requireCreate(view: View, table: TableDefinition, values: Row): void {
    for (const user of this.users) {
      this.requireReach(user, table, 'Create')
      const owner = table.ownership === 'user' ? (values.ownerid as EntityReference | null | undefined) : undefined
      if (owner && !user.reachesOwner(view, table, owner, 'Create'))
        throw this.denied(user, table, 'Create', depthNeeded(user))
      this.requireColumns(user, table, values, 'cancreate')
    }
    if (values.overriddencreatedon !== undefined) this.requirePrivilege('prvOverrideCreatedOnCreatedBy')
    this.requireParents(view, table, values)
  }

  /** A part of another row is created by changing that one. */
  private requireParents(view: View, table: TableDefinition, values: Row): void {
    if (table.ownership !== 'none') return
    for (const { column, to, behavior } of Object.values(table.manyToOne)) {
      const parent = values[column] as EntityReference | null | undefined
      if (behavior.delete !== 'all' || behavior.share !== 'all' || !parent || parent.logicalName !== to) continue
      const row = this.schema.has(to) ? view.get(to, parent.id) : undefined
      if (row) this.requireRow(view, this.schema.table(to), row, 'Write')
    }
  }

  requireUpdate(view: View, table: TableDefinition, row: StoredRow, values: Row): void {
    const names = Object.keys(values).filter((name) => name !== table.primaryKey && values[name] !== undefined)
    if (names.some((name) => name !== 'ownerid')) this.requireRow(view, table, row, 'Write')
    for (const user of this.users) this.requireColumns(user, table, values, 'canupdate')
    if (values.ownerid) this.requireRow(view, table, row, 'Assign')
  }

  /** Refuses lookups by which a row is appended to one that a user may not append to. */
  requireLookups(view: View, table: TableDefinition, row: StoredRow, values: Row): void {
    for (const [name, value] of Object.entries(values)) {
      if (table.columns[name]?.type !== 'lookup' || !value || UNCHECKED.includes(name)) continue
      if (table.columns[name]!.readOnly) continue
      const { logicalName, id } = value as EntityReference
      if (!this.schema.has(logicalName)) continue
      const other = view.get(logicalName, id)
      if (!other) continue
      this.requireRow(view, table, row, 'Append')
      this.requireRow(view, this.schema.table(logicalName), other, 'AppendTo')
    }
  }

  /** Refuses what is for those only who reach every row of a table. */
  requireEverything(table: TableDefinition, right: AccessRight): void {
    for (const user of this.users) {
      if (!user.reach(table.logicalName, right)?.all) throw this.denied(user, table, right, 'Global')
    }
  }

  /** Refuses linking or unlinking rows, of an N:N relationship, that a user may not append to each other. */
  requireLink(view: View, intersect: TableDefinition, idIn: (column: string) => unknown): void {
    this.schema.sidesOf(intersect.logicalName).forEach(({ table, column }, side) => {
      const row = this.schema.has(table) ? view.get(table, String(idIn(column))) : undefined
      if (row) this.requireRow(view, this.schema.table(table), row, side === 0 ? 'Append' : 'AppendTo')
    })
  }

  requirePrivilege(name: string): void {
    for (const user of this.users) {
      if (user.holds(name)) continue
      const privilege = this.privileges.named(name)
      throw this.missing(user, { name, id: privilege?.id ?? '00000000-0000-0000-0000-000000000000' }, '', 'Global')
    }
  }

  mayColumn(table: TableDefinition, column: string): boolean {
    return this.users.every((user) => user.mayColumn(table, column, 'canread'))
  }

  /** What the users may do with a row, as bits. */
  rightsOn(view: View, table: TableDefinition, row: StoredRow): number {
    return (Object.keys(accessRights) as AccessRight[])
      .filter((right) => this.privileges.of(table.logicalName, right) && this.mayRow(view, table, row, right))
      .reduce((mask, right) => mask | accessRights[right], 0)
  }

  /** Refuses sharing what a user may not share, or rights that the user has not. */
  requireShare(view: View, table: TableDefinition, row: StoredRow, mask: number): void {
    this.requireRow(view, table, row, 'Share')
    for (const right of Object.keys(accessRights) as AccessRight[]) {
      if (mask & SHAREABLE_RIGHTS & accessRights[right]) this.requireRow(view, table, row, right)
    }
  }

  private requireReach(user: UserAccess, table: TableDefinition, right: AccessRight): void {
    if (right !== 'Read' && this.privileges.isOpen(table.logicalName)) throw dataverseError('AccessDenied', {})
    if (!user.reach(table.logicalName, right)) throw this.denied(user, table, right, 'Basic')
  }

  private requireColumns(user: UserAccess, table: TableDefinition, values: Row, action: 'cancreate' | 'canupdate') {
    for (const name of Object.keys(values)) {
      if (values[name] === undefined || user.mayColumn(table, name, action)) continue
      const error =
        action === 'cancreate' ? 'AttributePrivilegeCreateIsMissing' : 'AttributePermissionUpdateIsMissingDuringUpdate'
      throw dataverseError(error, { column: name, table: table.logicalName })
    }
  }

  private denied(user: UserAccess, table: TableDefinition, right: AccessRight, depth: string): DataverseError {
    const privilege = this.privileges.of(table.logicalName, right)!
    return this.missing(user, privilege, ` for entity '${table.logicalName}'`, depth)
  }

  private missing(user: UserAccess, { name, id }: Privilege, where: string, depth: string): DataverseError {
    const { roles, privileges } = user.describe()
    return dataverseError('PrivilegeDenied', {
      user: user.userId,
      roles,
      privileges,
      privilege: name,
      id,
      where,
      depth,
    })
  }

  private rowDenied(user: UserAccess, table: TableDefinition, row: StoredRow, right: AccessRight): DataverseError {
    const { positions } = layoutOf(table)
    const cell = (name: string) => (row[positions.get(name) ?? -1] as EntityReference | null | undefined)?.id ?? 'none'
    const privilege = this.privileges.of(table.logicalName, right)!
    return dataverseError('unManagedIdsAccessDenied', {
      id: idOf(row),
      table: table.logicalName,
      owner: cell('ownerid'),
      unit: cell('owningbusinessunit'),
      user: user.userId,
      right,
      privilege: privilege.name,
      depth: nameOfDepth(user.depthOf(privilege)),
    })
  }
}

function nameOfDepth(depth: number): string {
  return Object.entries(privilegeDepth).find(([, mask]) => mask === depth)?.[0] ?? 'None'
}

/** A depth that would be enough whoever the owner is. */
function depthNeeded(_user: UserAccess): string {
  return 'Local, Deep or Global'
}
