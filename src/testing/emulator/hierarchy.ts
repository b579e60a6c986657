import { idOf } from '../../query/index.ts'
import type { EntityReference } from '../../service/index.ts'
import { organization } from './organization.ts'
import { columnValue, rowsWhere } from './row-values.ts'
import type { View } from './store.ts'

/** How the organization has set hierarchy security. */
export interface HierarchySettings {
  readonly isEnabled: boolean
  /** Whether it goes by positions, not by managers. */
  readonly byPosition: boolean
  /** How many levels of reports may be read. */
  readonly depth: number
}

export function hierarchySettings(view: View): HierarchySettings {
  const cell = (name: string) => columnValue(view, 'organization', organization.organizationId, name)
  return {
    isEnabled: cell('ishierarchicalsecuritymodelenabled') === true,
    byPosition: cell('usepositionhierarchy') === true,
    depth: (cell('maxdepthforhierarchicalsecuritymodel') as number | null) ?? 3,
  }
}

/**
 * The users below a user, level by level: direct reports first. Through managers; where hierarchy security goes by
 * positions, through those.
 */
export function* levelsBelow(view: View, userId: string): Generator<readonly string[], void, undefined> {
  const { isEnabled, byPosition } = hierarchySettings(view)
  if (!isEnabled || !byPosition) {
    yield* levels([userId], (id) => idsWhere(view, 'systemuser', 'parentsystemuserid', id))
    return
  }
  const position = columnValue(view, 'systemuser', userId, 'positionid') as EntityReference | null
  if (!position) return
  for (const below of levels([position.id], (id) => idsWhere(view, 'position', 'parentpositionid', id))) {
    yield below.flatMap((id) => idsWhere(view, 'systemuser', 'positionid', id))
  }
}

/** Rows that refer to each other in a circle come once. */
function* levels(
  top: readonly string[],
  below: (id: string) => readonly string[],
): Generator<readonly string[], void, undefined> {
  const seen = new Set(top)
  for (let level = top; ; ) {
    level = level.flatMap(below).filter((id) => !seen.has(id))
    if (level.length === 0) return
    for (const id of level) seen.add(id)
    yield level
  }
}

function idsWhere(view: View, table: string, column: string, value: string): readonly string[] {
  return rowsWhere(view, table, column, value).map(idOf)
}
