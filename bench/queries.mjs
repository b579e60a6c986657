// Queries as text, parsed and run, against loops over the same rows as plain objects.
import { mergeLinks, parseApply, parseFetchXml, parseODataFilter, parseOrderBy } from '../dist/query/index.js'

/** What an OData text can name of these two tables. */
function scopes(Group, Deal) {
  const group = {
    definition: Group,
    columnOf: (property) => (Object.hasOwn(Group.columns, property) ? property : undefined),
    navigation: (property) =>
      property === 'deals'
        ? {
            name: 'deals',
            collection: true,
            joins: [{ table: 'new_deal', from: 'new_group', to: 'new_groupid' }],
            target: () => deal,
          }
        : undefined,
  }
  const deal = {
    definition: Deal,
    columnOf: (property) => (Object.hasOwn(Deal.columns, property) ? property : undefined),
    navigation: (property) =>
      property === 'new_group'
        ? {
            name: 'new_group',
            collection: false,
            joins: [{ table: 'new_group', from: 'new_groupid', to: 'new_group' }],
            target: () => group,
          }
        : undefined,
  }
  return { group, deal }
}

/** Calls `report` with the time of each query, from its text to its rows, and that of the loop. */
export async function measureQueries({ Group, Deal, emulatorWith, deals, groupId, time, report, within3 }) {
  const dataverse = emulatorWith(10_000, 5000)
  const rows = deals(10_000, 5000)
  const groups = Array.from({ length: 5000 }, (_, n) => ({ id: groupId(n), new_name: `Group ${n}` }))
  const groupById = new Map(groups.map((group) => [group.id, group]))
  const { group, deal } = scopes(Group, Deal)
  const query = (scope, { filter, orderBy, apply, ...rest }) => {
    const filtered = filter === undefined ? {} : parseODataFilter(filter, scope)
    const ordered = orderBy === undefined ? {} : parseOrderBy(orderBy, scope)
    const { links: applied = [], ...grouped } = apply === undefined ? {} : parseApply(apply, scope)
    const links = mergeLinks(mergeLinks(filtered.links ?? [], ordered.links ?? []), applied)
    return { table: scope.definition.logicalName, ...rest, ...grouped, ...filtered, ...ordered, links }
  }
  const compare = async (name, make, loop, bound) => {
    const found = (await dataverse.retrieveMultiple(make())).rows.length
    if (found !== loop().length) throw new Error(`${name}: the query finds ${found} rows, the loop ${loop().length}`)
    const ours = await time(() => dataverse.retrieveMultiple(make()), { rounds: 40 })
    report(name, ours, await time(loop, { rounds: 40 }), 'ms', bound)
  }
  const byValue = (a, b) => a.new_value - b.new_value

  await compare(
    'odata: range, contains, orderby, top 50 of 10,000 rows, against a loop',
    () =>
      query(deal, {
        columns: ['new_name'],
        filter: "new_value gt 500 and contains(new_name,'9')",
        orderBy: 'new_value',
        top: 50,
      }),
    () =>
      rows
        .filter((row) => row.new_value > 500 && row.new_name.toLowerCase().includes('9'))
        .sort(byValue)
        .slice(0, 50)
        .map(({ new_name }) => ({ new_name })),
    within3,
  )
  await compare(
    'odata: lambda any over 5,000 rows with 10,000 others, against a loop',
    () => query(group, { columns: ['new_name'], filter: "deals/any(d:d/new_name eq 'Deal 77')" }),
    () => {
      const ids = new Set(rows.filter((row) => row.new_name === 'Deal 77').map((row) => row.new_group.id))
      return groups.filter(({ id }) => ids.has(id)).map(({ new_name }) => ({ new_name }))
    },
    within3,
  )
  await compare(
    'odata: through a lookup, against a loop with a Map',
    () => query(deal, { columns: ['new_name'], filter: "new_group/new_name eq 'Group 77'" }),
    () =>
      rows
        .filter((row) => groupById.get(row.new_group.id).new_name === 'Group 77')
        .map(({ new_name }) => ({ new_name })),
    within3,
  )
  await compare(
    'odata: groupby of 10,000 rows into 1000 groups, against a loop with a Map',
    () => query(deal, { apply: 'groupby((new_value),aggregate($count as count))' }),
    () => {
      const counts = new Map()
      for (const { new_value } of rows) counts.set(new_value, (counts.get(new_value) ?? 0) + 1)
      return [...counts].map(([new_value, count]) => ({ new_value, count })).sort(byValue)
    },
  )
  const fetchXml =
    '<fetch top="50"><entity name="new_deal"><attribute name="new_name" /><order attribute="new_value" /><filter><condition attribute="new_value" operator="gt" value="500" /><condition attribute="new_name" operator="like" value="%9%" /></filter><link-entity name="new_group" from="new_groupid" to="new_group" alias="g"><attribute name="new_name" /></link-entity></entity></fetch>'
  await compare(
    'fetchxml: filter, join, order, top 50 of 10,000 rows, against a loop with a Map',
    () => parseFetchXml(fetchXml),
    () =>
      rows
        .filter((row) => row.new_value > 500 && row.new_name.toLowerCase().includes('9'))
        .map((row) => ({ ...row, group: groupById.get(row.new_group.id) }))
        .sort(byValue)
        .slice(0, 50)
        .map(({ new_name, group }) => ({ new_name, 'g.new_name': group.new_name })),
  )
  const filter = "new_value gt 500 and contains(new_name,'9') and new_group/new_name ne null"
  report(
    'odata: parsing a filter',
    await time(() => parseODataFilter(filter, deal), { rounds: 20, calls: 500 }),
    undefined,
    'ms',
  )
  let n = 0
  report(
    'fetchxml: parsing a text that was not seen before',
    await time(() => parseFetchXml(fetchXml.replace('500', String(n++))), { rounds: 20, calls: 200 }),
    undefined,
    'ms',
  )
}
