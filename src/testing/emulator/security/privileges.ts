import { createHash } from 'node:crypto'
import type { TableDefinition } from '../../../entities/index.ts'
import type { Schema } from '../schema.ts'
import { type AccessRight, accessRights } from './access-rights.ts'

/** A privilege: what a role may allow. */
export interface Privilege {
  readonly id: string
  readonly name: string
  /** `undefined` for privileges that are about no table. */
  readonly right?: AccessRight
}

/** How privileges call tables, where it is not their name with a capital letter. Lines share those of their heads. */
const TABLE_NAMES: Readonly<Record<string, string>> = {
  systemuser: 'User',
  businessunit: 'BusinessUnit',
  transactioncurrency: 'TransactionCurrency',
  pricelevel: 'PriceLevel',
  productpricelevel: 'PriceLevel',
  uom: 'UoM',
  uomschedule: 'UoM',
  asyncoperation: 'AsyncOperation',
  backgroundoperation: 'backgroundoperation',
  roleprivileges: 'Role',
  privilege: 'Role',
  fieldsecurityprofile: 'FieldSecurityProfile',
  fieldpermission: 'FieldSecurityProfile',
  salesorder: 'Order',
  salesorderdetail: 'Order',
  quotedetail: 'Quote',
  invoicedetail: 'Invoice',
  annotation: 'Note',
  activitypointer: 'Activity',
  activityparty: 'Activity',
  queueitem: 'QueueItem',
  savedquery: 'Query',
  userquery: 'UserQuery',
  plugintracelog: 'PluginTraceLog',
}

/** Tables that the platform keeps for itself: everybody may read them, and nobody writes them but by messages. */
const OPEN_TABLES = ['principalobjectaccess', 'deleteditemreference', 'fileattachment']

/** Privileges that are about no table. */
const otherPrivileges = [
  'prvActOnBehalfOfAnotherUser',
  'prvBypassCustomPlugins',
  'prvBypassCustomBusinessLogic',
  'prvOverrideCreatedOnCreatedBy',
  'prvBulkDelete',
  'prvMerge',
] as const

/**
 * How a privilege on a table is called, such as `prvReadAccount`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/security-roles
 */
function privilegeName(right: AccessRight, { logicalName, primaryKey }: TableDefinition): string {
  const known = Object.hasOwn(TABLE_NAMES, logicalName) ? TABLE_NAMES[logicalName] : undefined
  const activity = primaryKey === 'activityid' ? 'Activity' : undefined
  const custom = logicalName.includes('_') ? logicalName : logicalName[0]!.toUpperCase() + logicalName.slice(1)
  return `prv${right}${known ?? activity ?? custom}`
}

/** The same name has the same id in every environment, as on the platform. */
const ids = new Map<string, string>()
function idFor(name: string): string {
  let id = ids.get(name)
  if (!id) {
    const hash = createHash('sha256').update(name.toLowerCase()).digest('hex')
    id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
    ids.set(name, id)
  }
  return id
}

/** Privileges of one name are one: tables that share it share them. */
const known = new Map<string, Privilege>()

function privilegeCalled(name: string, right?: AccessRight): Privilege {
  const id = idFor(name)
  let privilege = known.get(id)
  if (!privilege) {
    privilege = Object.freeze({ id, name, ...(right ? { right } : {}) })
    known.set(id, privilege)
  }
  return privilege
}

const byTable = new WeakMap<TableDefinition, ReadonlyMap<AccessRight, Privilege>>()

function privilegesOn(table: TableDefinition): ReadonlyMap<AccessRight, Privilege> {
  let privileges = byTable.get(table)
  if (!privileges) {
    const owned = table.ownership === 'user'
    const rights = (Object.keys(accessRights) as AccessRight[]).filter(
      (right) => owned || (right !== 'Assign' && right !== 'Share'),
    )
    privileges = new Map(rights.map((right) => [right, privilegeCalled(privilegeName(right, table), right)]))
    byTable.set(table, privileges)
  }
  return privileges
}

/** All privileges of an environment: they follow from its tables and custom APIs. */
export class Privileges {
  private readonly byId = new Map<string, Privilege>()
  private readonly ofTable = new Map<string, ReadonlyMap<AccessRight, Privilege>>()

  constructor(schema: Schema, more: readonly string[]) {
    for (const table of schema.all()) {
      if (OPEN_TABLES.includes(table.logicalName) || schema.isIntersect(table)) continue
      const privileges = privilegesOn(table)
      this.ofTable.set(table.logicalName, privileges)
      for (const privilege of privileges.values()) this.byId.set(privilege.id, privilege)
    }
    for (const name of [...otherPrivileges, ...more]) {
      const privilege = privilegeCalled(name)
      this.byId.set(privilege.id, privilege)
    }
  }

  all(): readonly Privilege[] {
    return [...this.byId.values()]
  }

  /** Whether the table is the platform's own: read by everybody, written by its messages only. */
  isOpen(table: string): boolean {
    return OPEN_TABLES.includes(table)
  }

  /** The privilege for this on the table; `undefined` where none is needed. */
  of(table: string, right: AccessRight): Privilege | undefined {
    return this.ofTable.get(table)?.get(right)
  }

  named(name: string): Privilege | undefined {
    return this.byId.get(idFor(name))
  }

  withId(id: string): Privilege | undefined {
    return this.byId.get(id)
  }
}
