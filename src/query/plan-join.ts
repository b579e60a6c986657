import type { TableDefinition } from '../entities/index.ts'
import { type Condition, dataverseError, type Link, type LinkCondition } from '../service/index.ts'
import type { Compilation } from './compilation.ts'
import {
  allOf,
  columnTestOf,
  compileCondition,
  every,
  type LinkedTest,
  lookupOf,
  type Predicate,
  positionOf,
  type Scope,
} from './compile.ts'
import type { JoinPlan, PlannedLink } from './join.ts'
import { conjunctsOf, linksIn, onOwnTable, rejectsNull } from './pushdown.ts'
import { SemiJoin } from './semi-join.ts'
import { type Layout, layoutOf } from './stored-row.ts'

/** A link while the plan is made: its type can become stricter, and conditions on it move into it. */
interface DraftLink {
  readonly link: Link
  readonly alias: string
  readonly layout: Layout
  /** The link that it hangs on; `undefined`: the query's own table. */
  readonly parent: DraftLink | undefined
  readonly from: number
  readonly to: number
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
 * - A link to one row at most of which nothing else is wanted (`needed` names those of which something is) becomes a
 *   condition, or is left out.
 * - What every row of the result has, an equality or linked rows, is noted down as a way to find it.
 */
export function planJoin(
  definition: TableDefinition,
  filter: Condition | undefined,
  links: readonly Link[],
  compilation: Compilation,
  needed: ReadonlySet<string> = new Set(),
): NamedPlan {
  const root = layoutOf(definition)
  const drafted: DraftLink[] = []
  const conditions = [...conjunctsOf(filter), ...draftLinks(links, undefined, root, drafted, { count: 0 }, compilation)]
  const { before, after } = place(conditions, drafted)
  const drafts = drafted.length === 0 ? drafted : withoutIdleLinks(drafted, before, after, needed)

  const linked = semiJoins(root, compilation)
  const scope: Scope = {
    root,
    links: namesOf(drafts),
    compilation,
    linked: (condition) => testOf(condition, linked(condition)),
  }
  const found = before.flatMap((part) => (part.kind === 'linked' && isPositive(part) ? linked(part) : []))
  const compileAll = (parts: readonly Condition[]) => every(parts.map((part) => compileCondition(part, scope)))
  return {
    scope,
    plan: {
      compilation,
      root,
      before: compileAll(before),
      after: after.length === 0 ? undefined : compileAll(after),
      links: drafts.map((draft) => planLink(draft, root, drafts, compilation, found)),
      columnTest: once(() => allOf(before.map((condition) => columnTestOf(condition, scope)))),
      lookups: before.flatMap((condition) => lookupOf(condition, root, compilation) ?? []),
      semiJoins: found,
      isEverything: conditions.length === 0 && drafts.length === 0 && before.length === 0,
    },
  }
}

/** Moves conditions to where they can be asked first: on the row before joining, on a link while joining, or after. */
function place(conditions: readonly Condition[], drafts: readonly DraftLink[]) {
  const names = namesOf(drafts)
  const before: Condition[] = []
  const after: Condition[] = []
  for (const condition of conditions) {
    const [only, ...others] = linksIn(condition)
    const draft = only === undefined || others.length > 0 ? undefined : drafts[names.get(only)?.index ?? -1]
    if ([only, ...others].every((name) => name === undefined)) before.push(condition)
    else if (draft && canTake(draft, condition)) {
      makeInner(draft)
      draft.filters.push(onOwnTable(condition))
    } else after.push(condition)
  }
  return { before, after }
}

/** Turns links of which only their being there matters into conditions, and drops those that change nothing. */
function withoutIdleLinks(
  drafts: readonly DraftLink[],
  before: Condition[],
  after: readonly Condition[],
  needed: ReadonlySet<string>,
): DraftLink[] {
  const names = namesOf(drafts)
  const looked = [...after, ...drafts.flatMap(({ filters }) => filters)].flatMap((condition) => [...linksIn(condition)])
  const busy = new Set([...needed, ...looked].map((name) => drafts[names.get(name ?? '')?.index ?? -1]))
  const kept: DraftLink[] = []
  // Those that hang on others come after them, and go first.
  for (const draft of [...drafts].reverse()) {
    const { link, from, parent, filters, isOuter } = draft
    const isOneAtMost = from === 0 || link.type === 'matchfirstrowusingcrossapply'
    const isIdle = !busy.has(draft) && !filters.some(looksElsewhere) && isOneAtMost
    if (!isIdle || (isOuter && filters.length > 0)) {
      kept.unshift(draft)
      busy.add(parent)
    } else if (!isOuter) {
      const filter: Condition = { kind: 'and', conditions: filters }
      const condition: Condition = {
        kind: 'linked',
        match: 'any',
        link: { table: link.table, from: link.from, to: link.to, filter },
      }
      if (parent) parent.filters.push(condition)
      else before.push(condition)
    }
  }
  return kept
}

function looksElsewhere(condition: Condition): boolean {
  return [...linksIn(condition)].some((name) => name !== undefined)
}

/** Drafts the links that join, and gives those that only ask whether there are rows as conditions on their parent. */
function draftLinks(
  links: readonly Link[],
  parent: DraftLink | undefined,
  root: Layout,
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
    const draft: DraftLink = {
      link,
      alias,
      layout,
      parent,
      from: joinColumn(layout, link.from),
      to: joinColumn(parent?.layout ?? root, link.to),
      isOuter: link.type === 'outer',
      filters: [],
    }
    drafts.push(draft)
    draft.filters.push(...conjunctsOf(link.filter).map((condition) => ownCondition(condition, alias)))
    draft.filters.push(...draftLinks(link.links ?? [], draft, root, drafts, position, compilation))
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
function namesOf(
  drafts: readonly DraftLink[],
): ReadonlyMap<string, { readonly index: number; readonly layout: Layout }> {
  const names = new Map<string, { index: number; layout: Layout }>()
  drafts.forEach(({ link, layout }, index) => {
    const isOnly = drafts.every((other, at) => at === index || other.link.table !== link.table)
    if (isOnly) names.set(link.table, { index, layout })
  })
  drafts.forEach(({ alias, layout }, index) => {
    names.set(alias, { index, layout })
  })
  return names
}

/** Whether a condition on the link alone may be asked while joining, instead of afterwards. */
function canTake({ link, isOuter }: DraftLink, condition: Condition): boolean {
  if (link.type === 'matchfirstrowusingcrossapply') return false
  return !isOuter || rejectsNull(condition)
}

/** A row that the link has to find is needed all the way up. */
function makeInner(draft: DraftLink): void {
  for (let at: DraftLink | undefined = draft; at; at = at.parent) at.isOuter = false
}

function planLink(
  draft: DraftLink,
  root: Layout,
  drafts: readonly DraftLink[],
  compilation: Compilation,
  semiJoinsOfRoot: SemiJoin[],
): PlannedLink {
  const { link, alias, layout, parent, from, to, isOuter, filters } = draft
  let filter: Predicate
  if (filters.some(looksElsewhere)) {
    // Conditions may look at the links that were joined before this one.
    const links = namesOf(drafts.slice(0, drafts.indexOf(draft)))
    const linked = semiJoins(layout, compilation)
    const scope: Scope = {
      root: layout,
      links,
      compilation,
      linked: (condition) => testOf(condition, linked(condition)),
    }
    filter = every(filters.map((condition) => compileCondition(condition, scope)))
  } else {
    const { plan } = planJoin(layout.table, { kind: 'and', conditions: filters }, [], compilation)
    filter = plan.before
    if (filters.length > 0 && !parent && !isOuter) semiJoinsOfRoot.push(new SemiJoin(plan, from, to, root))
  }
  return {
    table: link.table,
    alias,
    layout,
    parent: parent ? drafts.indexOf(parent) : -1,
    parentLayout: parent?.layout ?? root,
    from,
    to,
    isOuter,
    isFirstOnly: link.type === 'matchfirstrowusingcrossapply',
    filter,
  }
}

/** Plans conditions on the linked rows of a table's rows, each once. */
function semiJoins(parent: Layout, compilation: Compilation): (condition: LinkCondition) => SemiJoin {
  const planned = new Map<LinkCondition, SemiJoin>()
  return (condition) => {
    const known = planned.get(condition)
    if (known) return known
    const { link } = condition
    const conditions = conjunctsOf(link.filter).map((part) => ownCondition(part, link.alias))
    const filter: Condition = { kind: 'and', conditions }
    const { plan } = planJoin(compilation.definition(link.table), filter, link.links ?? [], compilation)
    const semiJoin = new SemiJoin(plan, joinColumn(plan.root, link.from), joinColumn(parent, link.to), parent)
    planned.set(condition, semiJoin)
    return semiJoin
  }
}

function isPositive({ match }: LinkCondition): boolean {
  return match === 'any' || match === 'notAll'
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
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

function testOf({ match }: LinkCondition, semiJoin: SemiJoin): LinkedTest {
  const { to } = semiJoin
  switch (match) {
    case 'any':
    case 'notAll':
      return { to, row: (row) => semiJoin.matches(row), key: (key) => semiJoin.matchesKey(key) }
    case 'notAny':
      return { to, row: (row) => !semiJoin.matches(row), key: (key) => !semiJoin.matchesKey(key) }
    case 'all':
      return { to, row: (row) => semiJoin.matchesNone(row) }
    default:
      throw dataverseError('InvalidQuery', { reason: `unknown match '${String(match)}' of linked rows` })
  }
}
