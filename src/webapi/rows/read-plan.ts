import { deepFreeze } from '../../internal/freeze.ts'
import { type ParsedExpand, type ParsedSelect, parseExpand, parseSelect } from '../../query/index.ts'
import { type ColumnOrder, type Condition, dataverseError, type Link } from '../../service/index.ts'
import type { Collection, EntityType, Model, Navigation } from '../model.ts'
import { badRequest } from '../refusals.ts'
import type { QueryOptions } from '../url/query-options.ts'
import { splitOutside } from '../url/segments.ts'
import { KeptPlans } from './kept-plans.ts'
import { completeShape, type RowShape, shapeOf, shown } from './row-shape.ts'

/** What `$select` and `$expand` ask for: which columns are read, which are shown, and what is read beside. */
export interface ReadPlan {
  readonly shape: RowShape
  /** The columns to read: those of the shape, and those that expanding needs. */
  readonly read: readonly string[]
  /** How the context URL names both: `(name,primarycontactid(fullname))`, or nothing. */
  readonly context: string
  readonly expansions: readonly Expansion[]
  /** Whether something expanded expands something in turn. */
  readonly nested: boolean
}

/** A navigation property whose rows are read along. */
export type Expansion = ExpansionToOne | ExpansionToMany

interface ExpansionCommon {
  readonly name: string
  /** What to show of the rows; `undefined`: only which they are. */
  readonly plan: ReadPlan | undefined
  readonly filter?: Condition
  readonly links: readonly Link[]
}
export interface ExpansionToOne extends ExpansionCommon {
  readonly kind: 'toOne'
  readonly navigation: Navigation
  /** Only the address of the row. */
  readonly reference: boolean
  readonly selected: ParsedSelect | undefined
}
export interface ExpansionToMany extends ExpansionCommon {
  readonly kind: 'toMany'
  readonly collection: Collection
  readonly plan: ReadPlan
  readonly orders?: readonly ColumnOrder[]
  readonly top?: number
  /** Its options as those of a URL: `$select=subject&$top=1`. */
  readonly query: string
}

const plans = new KeptPlans<ReadPlan>({ most: 1000, longest: 2000 })

/** The plan of a request that reads rows of this type, or answers a write with one. */
export function readPlanOf(model: Model, type: EntityType, options: QueryOptions): ReadPlan {
  const [select, expand] = [options.get('$select'), options.get('$expand')]
  if (select === undefined && expand === undefined) return completePlan(type)
  const key = `${type.table.logicalName}?${select ?? ''}&${expand ?? ''}`
  return plans.get(model, key, () => planOf(model, type, select, expand))
}

/** The plan that shows every column and nothing beside. */
function completePlan(type: EntityType): ReadPlan {
  const shape = completeShape(type)
  return { shape, read: shape.read, context: '', expansions: [], nested: false }
}

function planOf(model: Model, type: EntityType, select: string | undefined, expand: string | undefined): ReadPlan {
  const selection = select === undefined ? undefined : parseSelect(select, type.scope)
  const expands = expand === undefined ? [] : parseExpand(expand, type.scope)
  return planFor(model, type, selection, expands)
}

function planFor(
  model: Model,
  type: EntityType,
  selection: ParsedSelect | undefined,
  expands: readonly ParsedExpand[],
): ReadPlan {
  const shape = selectionOf(type, selection)
  const expansions = expands.map((parsed) => expansionOf(model, type, parsed))
  refuseMixedManyToMany(expansions)
  const lookups = expansions.flatMap((expansion) => (expansion.kind === 'toOne' ? [expansion.navigation.column] : []))
  const names = [...(shape.selected === undefined ? [] : [shape.selected]), ...expansions.map(contextOfExpansion)]
  return {
    shape,
    read: deepFreeze([...new Set([...shape.read, type.table.primaryKey, ...lookups])]),
    context: names.length === 0 ? '' : `(${names.join(',')})`,
    expansions,
    nested: expansions.some(({ plan }) => plan !== undefined && plan.expansions.length > 0),
  }
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns */
function selectionOf(type: EntityType, selection: ParsedSelect | undefined): RowShape {
  if (!selection || selection.properties.length === 0) return completeShape(type)
  if (selection.all) return { ...completeShape(type), selected: '*' }
  const lookups = selection.navigations.map(({ name, collection }) => {
    const column = type.navigations.get(name)?.column
    if (collection || column === undefined) {
      throw badRequest(`The collection '${name}' cannot be selected; it can be expanded.`)
    }
    return column
  })
  return shapeOf(type, [...selection.columns, ...lookups], selection.properties.join(','))
}

function contextOfExpansion(expansion: Expansion): string {
  if (expansion.kind === 'toOne' && expansion.reference) return `${expansion.name},${expansion.name}/$ref()`
  if (expansion.plan) return `${expansion.name}${expansion.plan.context || '()'}`
  return `${expansion.name}(${expansion.kind === 'toOne' ? (expansion.selected?.properties.join(',') ?? '') : ''})`
}

function expansionOf(model: Model, type: EntityType, parsed: ParsedExpand): Expansion {
  const { name } = parsed.navigation
  const { filter, links } = parsed
  const common = { name, links, ...(filter === undefined ? {} : { filter }) }
  const navigation = type.navigations.get(name)
  if (navigation) {
    const [target, ...others] = navigation.targets
    const isOwner = others.length > 0
    if (isOwner && filter) throw badRequest(`The owner that '${name}' leads to is expanded whole or not at all.`)
    const plan = isOwner || parsed.reference ? undefined : targetPlan(model, target!, parsed)
    return { ...common, kind: 'toOne', navigation, reference: parsed.reference, plan, selected: parsed.select }
  }
  const collection = type.collections.get(name)!
  const { orders, top } = parsed
  return {
    ...common,
    kind: 'toMany',
    collection,
    plan: targetPlan(model, collection.target, parsed),
    ...(orders === undefined ? {} : { orders }),
    ...(top === undefined ? {} : { top }),
    query: queryOfExpand(parsed),
  }
}

function targetPlan(model: Model, target: string, { select, expand }: ParsedExpand): ReadPlan {
  return planFor(model, model.table(target), select, expand)
}

/** The options of an expand as those of a URL that asks for the collection by itself. */
function queryOfExpand({ text }: ParsedExpand): string {
  const open = text.indexOf('(')
  if (open === -1) return ''
  return splitOutside(text.slice(open + 1, text.lastIndexOf(')')), ';')
    .map((option) => option.trim())
    .filter((option) => option !== '' && !option.startsWith('$top'))
    .join('&')
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables#limitations */
function refuseMixedManyToMany(expansions: readonly Expansion[]): void {
  const isManyToMany = (expansion: Expansion) =>
    expansion.kind === 'toMany' && expansion.collection.kind === 'manyToMany'
  const within = expansions.flatMap(({ plan }) => plan?.expansions ?? [])
  const mixed = expansions.length > 1 || within.length > 0
  if (within.some(isManyToMany) || (mixed && expansions.some(isManyToMany))) {
    throw dataverseError('ODataUriError', {
      reason: '$expand of a many-to-many relationship can neither be nested nor stand beside another $expand.',
    })
  }
}

/** The plan with one more column shown: the lookup by which expanded rows refer to their parent. */
export function showing(plan: ReadPlan, column: string): ReadPlan {
  const { shape } = plan
  if (shape.columns.some((known) => known.column === column)) return plan
  const columns = [...shape.columns, shown(shape.type, column)]
  return { ...plan, shape: { ...shape, columns }, read: [...new Set([...plan.read, column])] }
}
