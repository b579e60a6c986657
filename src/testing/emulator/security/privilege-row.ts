import { Privilege as PrivilegeTable } from '../../../entities/privilege.ts'
import { layoutOf, type StoredRow, type StoredValue } from '../../../query/index.ts'
import { accessRights } from './access-rights.ts'
import type { Privilege } from './privileges.ts'

/** The rows are the same in every emulator: made once, shared by all. */
const rows = new Map<string, StoredRow>()

/** The row of `privilege` that stands for one. */
export function privilegeRow({ id, name, right }: Privilege): StoredRow {
  let row = rows.get(id)
  if (!row) {
    const values: Readonly<Record<string, StoredValue>> = {
      privilegeid: id,
      name,
      accessright: right ? accessRights[right] : 0,
      canbebasic: right !== undefined,
      canbelocal: right !== undefined,
      canbedeep: right !== undefined,
      canbeglobal: true,
      versionnumber: 1,
    }
    row = Object.freeze(layoutOf(PrivilegeTable).names.map((column) => values[column] ?? null))
    rows.set(id, row)
  }
  return row
}
