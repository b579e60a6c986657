import type { TableDefinition } from '../../../entities/index.ts'
import type { StoredRow } from '../../../query/index.ts'
import { dataverseError } from '../../../service/index.ts'
import type { Schema } from '../schema.ts'
import type { Session } from '../session.ts'
import type { View } from '../store.ts'
import { Access } from './access.ts'
import type { Privileges } from './privileges.ts'
import { UserAccess } from './user-access.ts'

/** Says who may do what. There is one only where security is enforced. */
export class Security {
  /** What is known of each user, with the state of roles, teams and units that it was worked out from. */
  private readonly known = new Map<string, { readonly stamp: number; readonly access: UserAccess }>()

  constructor(
    private readonly schema: Schema,
    private readonly privileges: Privileges,
  ) {}

  /** What a session may do, as things stand in the view; `undefined`: anything. */
  accessFor({ rightsOf }: Session, view: View): Access | undefined {
    if (rightsOf.length === 0) return undefined
    const users = rightsOf.map((userId) => this.user(userId, view))
    const [, caller] = users
    if (caller && !caller.holds('prvActOnBehalfOfAnotherUser')) {
      throw dataverseError('CannotActOnBehalfOfAnotherUser', {})
    }
    const access = new Access(this.schema, this.privileges, users)
    return access.isUnlimited ? undefined : access
  }

  /** Whether a user may read at least own rows of a table; who is disabled or has no role may not. */
  mayRead(userId: string, table: string, view: View): boolean {
    try {
      return this.user(userId, view).reach(table, 'Read') !== null
    } catch {
      return false
    }
  }

  /** What a user may do with a row, as bits. */
  rightsOn(userId: string, view: View, table: TableDefinition, row: StoredRow): number {
    return new Access(this.schema, this.privileges, [this.user(userId, view)]).rightsOn(view, table, row)
  }

  user(userId: string, view: View): UserAccess {
    const stamp = view.stamp('security')
    const known = this.known.get(userId)
    if (known?.stamp === stamp) return known.access
    const access = new UserAccess(this.schema, this.privileges, view, userId)
    this.known.set(userId, { stamp, access })
    return access
  }
}
