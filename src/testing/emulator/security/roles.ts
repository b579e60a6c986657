import { privilegeDepth } from '../../../entities/role-privileges.ts'
import type { Environment } from '../environment.ts'
import { organization } from '../organization.ts'
import type { SeedRows } from '../seed.ts'
import type { AccessRight } from './access-rights.ts'
import type { Privilege } from './privileges.ts'

/** How far a privilege reaches. */
export type Depth = 'user' | 'businessUnit' | 'parentChild' | 'organization'

/** What a role allows on a table; left out: nothing. */
export type TablePrivileges = Readonly<Partial<Record<Uncapitalize<AccessRight>, Depth>>>

/** A security role as data. */
export interface RoleDefinition {
  readonly name: string
  /** Default: a new id. */
  readonly id?: string
  /** By the logical name of the table: what is allowed, each how far; or a depth for everything. */
  readonly privileges: Readonly<Record<string, TablePrivileges | Depth>>
  /** Privileges that are about no table, such as `prvActOnBehalfOfAnotherUser`. */
  readonly also?: readonly string[]
  /** The ids of users and teams that have it. More get it by `associate`. */
  readonly users?: readonly string[]
  readonly teams?: readonly string[]
}

const depthMasks: Readonly<Record<Depth, number>> = {
  user: privilegeDepth.Basic,
  businessUnit: privilegeDepth.Local,
  parentChild: privilegeDepth.Deep,
  organization: privilegeDepth.Global,
}

const rights: readonly AccessRight[] = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share']

/** The rows behind a role, without who has it. */
export function roleRows(environment: Environment, role: RoleDefinition & { readonly id: string }): SeedRows {
  const refuse = (what: string): never => {
    throw new TypeError(`role '${role.name}': ${what}`)
  }
  const granted = new Map<string, number>()
  const grant = ({ id }: Privilege, mask: number) => granted.set(id, Math.max(granted.get(id) ?? 0, mask))
  for (const [table, allowed] of Object.entries(role.privileges)) {
    const { schema, privileges } = environment
    if (!schema.has(table)) refuse(`'${table}' is not one of the tables.`)
    for (const right of rights) {
      const depth = typeof allowed === 'string' ? allowed : allowed[uncapitalized(right)]
      if (depth === undefined) continue
      if (!Object.hasOwn(depthMasks, depth)) {
        refuse(`'${depth}' is not a depth: user, businessUnit, parentChild or organization.`)
      }
      const privilege = privileges.of(table, right)
      if (privilege) grant(privilege, depthMasks[depth])
      else if (typeof allowed !== 'string') refuse(`there is nothing to ${uncapitalized(right)} on '${table}'.`)
    }
  }
  for (const name of role.also ?? []) {
    const privilege = environment.privileges.named(name)
    if (!privilege) refuse(`'${name}' is not a privilege.`)
    grant(privilege!, privilegeDepth.Global)
  }
  const { businessUnitId } = organization
  return {
    role: [{ roleid: role.id, name: role.name, businessunitid: { logicalName: 'businessunit', id: businessUnitId } }],
    roleprivileges: [...granted].map(([id, privilegedepthmask]) => ({
      privilegeidname: environment.privileges.withId(id)!.name,
      roleid: { logicalName: 'role', id: role.id },
      privilegeid: { logicalName: 'privilege', id },
      privilegedepthmask,
    })),
  }
}

/** The rows that give a role to its users and teams. */
export function roleHolderRows({ id, users = [], teams = [] }: RoleDefinition & { readonly id: string }): SeedRows {
  return {
    systemuserroles: users.map((systemuserid) => ({ systemuserid, roleid: id })),
    teamroles: teams.map((teamid) => ({ teamid, roleid: id })),
  }
}

function uncapitalized(right: AccessRight): Uncapitalize<AccessRight> {
  return (right[0]!.toLowerCase() + right.slice(1)) as Uncapitalize<AccessRight>
}
