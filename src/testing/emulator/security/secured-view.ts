import type { TableDefinition } from '../../../entities/index.ts'
import { type ColumnTest, type Comparable, layoutOf, type StoredRow, type StoredValue } from '../../../query/index.ts'
import { View } from '../store.ts'
import type { Access } from './access.ts'

/**
 * A view in which there is only what may be seen: rows that are reached for reading, and secured columns only where a
 * profile opens them. A row costs a look into two sets, whatever is how owned.
 */
export class SecuredView extends View {
  private readonly tests = new Map<string, (row: StoredRow) => boolean>()
  private readonly masks = new Map<string, readonly number[]>()

  constructor(
    private readonly base: View,
    private readonly access: Access,
  ) {
    super(...base.parts())
  }

  override get open(): View {
    return this.base
  }

  override definition(table: string): TableDefinition {
    const definition = this.base.definition(table)
    this.testOf(definition)
    return definition
  }

  override get(table: string, id: string): StoredRow | undefined {
    const row = this.base.get(table, id)
    const definition = this.base.definition(table)
    return row && this.testOf(definition)(row) ? this.masked(definition, row) : undefined
  }

  override scan(table: string, test?: (row: StoredRow) => boolean, columns?: ColumnTest): StoredRow[] {
    const definition = this.base.definition(table)
    const visible = this.testOf(definition)
    if (this.maskOf(definition).length > 0) {
      const rows = this.base.scan(table, visible).map((row) => this.masked(definition, row))
      return test ? rows.filter(test) : rows
    }
    if (visible === everything) return this.base.scan(table, test, columns)
    const both = test ? (row: StoredRow) => visible(row) && test(row) : visible
    return this.base.scan(table, both, columns && { ...columns, exact: false })
  }

  override inKeyOrder(table: string, after?: string): Iterable<StoredRow> | undefined {
    const inOrder = this.base.inKeyOrder(table, after)
    return inOrder && this.visibleOf(this.base.definition(table), inOrder)
  }

  private *visibleOf(table: TableDefinition, rows: Iterable<StoredRow>): Generator<StoredRow, void, undefined> {
    const visible = this.testOf(table)
    for (const row of rows) if (visible(row)) yield this.masked(table, row)
  }

  override count(table: string): number {
    const visible = this.testOf(this.base.definition(table))
    return visible === everything ? this.base.count(table) : this.base.scan(table, visible).length
  }

  override find(table: string, position: number, value: Comparable): readonly StoredRow[] {
    const definition = this.base.definition(table)
    if (this.maskOf(definition).includes(position)) return []
    const visible = this.testOf(definition)
    const found = this.base.find(table, position, value)
    if (visible === everything && this.maskOf(definition).length === 0) return found
    return found.filter(visible).map((row) => this.masked(definition, row))
  }

  private testOf(table: TableDefinition): (row: StoredRow) => boolean {
    let test = this.tests.get(table.logicalName)
    if (!test) {
      test = this.access.reaches(table, 'Read') ? this.access.rowTest(this.base, table, 'Read') : everything
      this.tests.set(table.logicalName, test)
    }
    return test
  }

  private maskOf(table: TableDefinition): readonly number[] {
    let mask = this.masks.get(table.logicalName)
    if (!mask) {
      const { names } = layoutOf(table)
      mask = names.flatMap((name, at) => (this.access.mayColumn(table, name) ? [] : [at]))
      this.masks.set(table.logicalName, mask)
    }
    return mask
  }

  private masked(table: TableDefinition, row: StoredRow): StoredRow {
    const mask = this.maskOf(table)
    if (mask.length === 0) return row
    const cells: StoredValue[] = [...row]
    for (const at of mask) cells[at] = null
    return cells
  }
}

const everything = () => true
