import type { ColumnDefinition } from '../../entities/index.ts'
import { type ColumnPath, dataverseError, type Link } from '../../service/index.ts'
import type { ODataNavigation, ODataScope } from './scope.ts'
import { uriError } from './uri-error.ts'

/** A column that a text names, on the table at hand or at the end of lookups. */
export interface NamedColumn {
  readonly path: ColumnPath
  /** The column's own name; `path` names the lookup instead where the two are the same. */
  readonly name: string
  readonly definition: ColumnDefinition
  readonly scope: ODataScope
}

/** As many as a query may have links. */
const MAX_JOINS = 15

interface GrowingLink extends Link {
  readonly alias: string
  readonly links: GrowingLink[]
}

/**
 * The joins that paths through lookups need: `primarycontactid/fullname` is the column `fullname` of an outer join.
 * Paths with the same beginning share their joins, as do the options of one query: a join's alias is its path.
 */
class LookupJoins {
  private readonly roots: GrowingLink[] = []
  private count = 0

  /** The alias of the join through this navigation property, from the table at hand or from another join. */
  through(navigation: ODataNavigation, parent: string | undefined): string {
    const siblings = parent === undefined ? this.roots : this.find(parent)!.links
    const alias = parent === undefined ? navigation.name : `${parent}__${navigation.name}`
    if (!siblings.some((link) => link.alias === alias)) {
      if (++this.count > MAX_JOINS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
      const [join] = navigation.joins
      siblings.push({ ...join!, alias, type: 'outer', links: [] })
    }
    return alias
  }

  /** The column of the parent in which a join finds its row; `undefined` unless it joins by this column. */
  keyOf(alias: string, column: string): ColumnPath | undefined {
    const link = this.find(alias)!
    if (link.from !== column) return undefined
    const end = alias.lastIndexOf('__')
    return { column: link.to, ...(end === -1 ? {} : { link: alias.slice(0, end) }) }
  }

  /** The joins, without those that turned out to be needed for nothing. */
  links(used: ReadonlySet<string>): readonly Link[] {
    const needed = (links: readonly GrowingLink[]): Link[] =>
      links.flatMap(({ links: below, ...link }) => {
        const inner = needed(below)
        if (inner.length > 0) return [{ ...link, links: inner }]
        return used.has(link.alias) ? [link] : []
      })
    return needed(this.roots)
  }

  private find(alias: string, among = this.roots): GrowingLink | undefined {
    for (const link of among) {
      const found = link.alias === alias ? link : this.find(alias, link.links)
      if (found) return found
    }
    return undefined
  }
}

/** Where names are looked up: the properties of a table, and the joins that paths from it make. */
export class Names {
  private readonly joins = new LookupJoins()
  private readonly used = new Set<string>()

  /** `variable` is the name by which the body of a lambda calls the row at hand. */
  constructor(
    readonly scope: ODataScope,
    readonly variable?: string,
  ) {}

  /** The column behind a property of the table at hand, or of the one at the end of a join. */
  column(property: string, scope: ODataScope, link: string | undefined): NamedColumn {
    const column = scope.columnOf(property)
    if (column === undefined) throw propertyNotFound(property, scope)
    return this.named(column, scope, link)
  }

  named(column: string, scope: ODataScope, link: string | undefined): NamedColumn {
    const definition = scope.definition.columns[column]!
    if (link === undefined) return { path: { column }, name: column, definition, scope }
    // The key at the end of a lookup is what the lookup holds.
    const path = this.joins.keyOf(link, column) ?? { column, link }
    if (path.link !== undefined) this.used.add(path.link)
    return { path, name: column, definition, scope }
  }

  /** Goes through a lookup: the scope at its end, and the join's alias. */
  through(navigation: ODataNavigation, parent: string | undefined): readonly [scope: ODataScope, link: string] {
    return [targetOf(navigation), this.joins.through(navigation, parent)]
  }

  links(): readonly Link[] {
    return this.joins.links(this.used)
  }
}

export function targetOf(navigation: ODataNavigation): ODataScope {
  const target = navigation.target()
  if (target) return target
  throw uriError(
    `The navigation property '${navigation.name}' leads to rows of several tables: name one that leads to one table.`,
  )
}

export function propertyNotFound(property: string, { definition }: ODataScope) {
  return dataverseError('PropertyNotFoundOnType', { property, table: definition.logicalName })
}

/** Two options' joins in one query: those with the same alias are the same. */
export function mergeLinks(some: readonly Link[], others: readonly Link[]): readonly Link[] {
  const merged = [...some]
  for (const other of others) {
    const at = merged.findIndex(({ alias }) => alias !== undefined && alias === other.alias)
    const same = merged[at]
    if (!same) merged.push(other)
    else {
      const links = mergeLinks(same.links ?? [], other.links ?? [])
      merged[at] = links.length > 0 ? { ...same, links } : same
    }
  }
  return merged
}
