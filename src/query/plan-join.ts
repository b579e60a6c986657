import type { TableDefinition } from '../entities/index.ts'
import { type Condition, dataverseError, type Link, type LinkCondition } from '../service/index.ts'
import type { Compilation } from './compilation.ts'
import {
  allOf,
  columnTestOf,
  compileCondition,
  every,
  lookupOf,
  type Predicate,
  positionOf,
  type Scope,
} from './compile.ts'
import type { JoinPlan, PlannedLink } from './join.ts'
import { conjunctsOf, linksIn, onOwnTable, rejectsNull } from './pushdown.ts'
import { SemiJoin } from './semi-join.ts'
import { type Layout, layoutOf, type StoredRow } from './stored-row.ts'

/** A link while the plan is made: its type can become stricter, and conditions on it move into it. */
interface DraftLink {
  readonly link: Link
  readonly alias: string
  readonly layout: Layout
  readonly parent: number
  isOuter: boolean
  readonly filters: Condition[]
}

/** A plan, and what the names in it mean: for orders and results. */
export interface NamedPlan {
  readonly plan: JoinPlan
  readonly scope: Scope
}

/**
 * Plans how rows of a table are found that satisfy a filter, together with what links join to them.
 *
 * - Links that return nothing (`exists`, `in`) become conditions on the row.
 * - Conditions on one link only move into the link; an outer link is an inner one where they reject nulls.
 * - What every row of the result has, an equality or linked rows, is noted down as a way to find it.
 */
export function planJoin(
  definition: TableDefinition,
  filter: Condition | undefined,
  links: readonly Link[],
  compilation: Compilation,
): NamedPlan {
  const root = layoutOf(definition)
  const drafts: DraftLink[] = []
  const conditions = [...conjunctsOf(filter), ...draftLinks(links, -1, drafts, { count: 0 }, compilation)]
  const scope = scopeOf(root, drafts, compilation)
  const before: Condition[] = []
  const after: Condition[] = []
  for (const condition of conditions) {
    const looksAt = [...linksIn(condition)]
    const [only] = looksAt
    const draft = only !== undefined && looksAt.length === 1 ? drafts[scope.links.get(only)?.index ?? -1] : undefined
    if (looksAt.every((name) => name === undefined)) before.push(condition)
    else if (draft && canTake(draft, condition)) {
      makeInner(draft, drafts)
      draft.filters.push(onOwnTable(condition))
    } else after.push(condition)
  }

  const linked = semiJoins(root, compilation)
  const semiJoinsHere: SemiJoin[] = []
  const ownScope: Scope = {
    ...scope,
    linked: (condition) => {
      const semiJoin = linked(condition)
      if (before.includes(condition) && (condition.match === 'any' || condition.match === 'notAll')) {
        semiJoinsHere.push(semiJoin)
      }
      return matchOf(condition, semiJoin)
    },
  }
  const predicate = every(before.map((condition) => compileCondition(condition, ownScope)))
  const planned = drafts.map((draft, index) => planLink(draft, index, root, drafts, compilation, semiJoinsHere))
  return {
    scope: ownScope,
    plan: {
      compilation,
      root,
      links: planned,
      before: predicate,
      after: after.length === 0 ? undefined : every(after.map((condition) => compileCondition(condition, ownScope))),
      columnTest: allOf(before.map((condition) => columnTestOf(condition, root, compilation))),
      lookups: before.flatMap((condition) => lookupOf(condition, root, compilation) ?? []),
      semiJoins: semiJoinsHere,
    },
  }
}

/** Drafts the links that join, and gives those that only ask whether there are rows as conditions on their parent. */
function draftLinks(
  links: readonly Link[],
  parent: number,
  drafts: DraftLink[],
  position: { count: number },
  compilation: Compilation,
): Condition[] {
  return links.flatMap((link): Condition[] => {
    position.count++
    const alias = link.alias ?? `${link.table}${position.count}`
    if (link.type === 'exists' || link.type === 'in') {
      const { type: _, columns: __, orders: ___, ...rest } = link
      return [{ kind: 'linked', match: 'any', link: rest }]
    }
    if (!['inner', 'outer', 'matchfirstrowusingcrossapply'].includes(link.type)) {
      throw dataverseError('QueryBuilderInvalidJoinOperator', {})
    }
    if (drafts.some((other) => other.alias === alias)) throw dataverseError('QueryBuilderDuplicateAlias', {})
    const layout = layoutOf(compilation.definition(link.table))
    const draft: DraftLink = { link, alias, layout, parent, isOuter: link.type === 'outer', filters: [] }
    const index = drafts.push(draft) - 1
    draft.filters.push(...conjunctsOf(link.filter).map((condition) => ownCondition(condition, alias)))
    draft.filters.push(...draftLinks(link.links ?? [], index, drafts, position, compilation))
    return []
  })
}

/** A condition within a link may call the link's own columns by the link's alias. */
function ownCondition(condition: Condition, alias: string | undefined): Condition {
  if (alias === undefined) return condition
  const names = linksIn(condition)
  const isOwn = names.has(alias) && [...names].every((name) => name === undefined || name === alias)
  return isOwn ? onOwnTable(condition) : condition
}

/** The links by their aliases, and by their tables' names where a name means one of them. */
function scopeOf(root: Layout, drafts: readonly DraftLink[], compilation: Compilation): Scope {
  const links = new Map<string, { index: number; layout: Layout }>()
  drafts.forEach(({ link, layout }, index) => {
    const isOnly = drafts.filter((other) => other.link.table === link.table).length === 1
    if (isOnly) links.set(link.table, { index, layout })
  })
  drafts.forEach(({ alias, layout }, index) => {
    links.set(alias, { index, layout })
  })
  return { root, links, compilation, linked: unplanned }
}

function unplanned(): never {
  throw dataverseError('UnExpected', { reason: 'A condition on linked rows stands where none is planned.' })
}

/** Whether a condition on the link alone may be asked while joining, instead of afterwards. */
function canTake({ link, isOuter }: DraftLink, condition: Condition): boolean {
  if (link.type === 'matchfirstrowusingcrossapply') return false
  return !isOuter || rejectsNull(condition)
}

/** A row that the link has to find is needed all the way up. */
function makeInner(draft: DraftLink, drafts: readonly DraftLink[]): void {
  for (let at: DraftLink | undefined = draft; at; at = drafts[at.parent]) at.isOuter = false
}

function planLink(
  draft: DraftLink,
  index: number,
  root: Layout,
  drafts: readonly DraftLink[],
  compilation: Compilation,
  semiJoinsOfRoot: SemiJoin[],
): PlannedLink {
  const { link, alias, layout, parent, isOuter, filters } = draft
  const parentLayout = drafts[parent]?.layout ?? root
  const [from, to] = [joinColumn(layout, link.from), joinColumn(parentLayout, link.to)]
  const looksElsewhere = filters.some((filter) => [...linksIn(filter)].some((name) => name !== undefined))
  let filter: Predicate
  if (looksElsewhere) {
    // Conditions may look at the links that were joined before this one.
    const { links } = scopeOf(root, drafts.slice(0, index), compilation)
    const linked = semiJoins(layout, compilation)
    const scope: Scope = {
      root: layout,
      links,
      compilation,
      linked: (condition) => matchOf(condition, linked(condition)),
    }
    filter = every(filters.map((condition) => compileCondition(condition, scope)))
  } else {
    const { plan } = planJoin(layout.table, { kind: 'and', conditions: filters }, [], compilation)
    filter = plan.before
    if (filters.length > 0 && parent === -1 && !isOuter) semiJoinsOfRoot.push(new SemiJoin(plan, from, to, root))
  }
  return {
    table: link.table,
    alias,
    layout,
    parent,
    parentLayout,
    from,
    to,
    isOuter,
    isFirstOnly: link.type === 'matchfirstrowusingcrossapply',
    filter,
  }
}

/** Plans conditions on the linked rows of a table's rows. */
function semiJoins(parent: Layout, compilation: Compilation): (condition: LinkCondition) => SemiJoin {
  return ({ link }) => {
    const conditions = conjunctsOf(link.filter).map((condition) => ownCondition(condition, link.alias))
    const filter: Condition = { kind: 'and', conditions }
    const { plan } = planJoin(compilation.definition(link.table), filter, link.links ?? [], compilation)
    return new SemiJoin(plan, joinColumn(plan.root, link.from), joinColumn(parent, link.to), parent)
  }
}

function joinColumn(layout: Layout, column: string): number {
  const position = positionOf(layout, column)
  const { type } = layout.columns[position]!
  if (type === 'file' || type === 'image' || type === 'multiChoice') {
    throw dataverseError('InvalidQuery', { reason: `Links cannot join by '${column}', a column of type ${type}.` })
  }
  return position
}

function matchOf({ match }: LinkCondition, semiJoin: SemiJoin): (row: StoredRow) => boolean {
  switch (match) {
    case 'any':
    case 'notAll':
      return (row) => semiJoin.matches(row)
    case 'notAny':
      return (row) => !semiJoin.matches(row)
    case 'all':
      return (row) => semiJoin.matchesNone(row)
    default:
      throw dataverseError('InvalidQuery', { reason: `unknown match '${String(match)}' of linked rows` })
  }
}
