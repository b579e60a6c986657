import fc from 'fast-check'
import type { ColumnDefinition } from '../../../src/entities/index.ts'
import { createModel, type EntityType } from '../../../src/webapi/model.ts'
import { sample, tables } from '../environment.ts'
import { encoded, literal, value } from './words.ts'

/** Requests that name what there is, with values of the right type nearly always: they reach what lies behind parsers. */

const model = createModel(tables)
const ids: Readonly<Record<string, readonly string[]>> = {
  account: [sample.contoso, sample.fourth, sample.adventure],
  contact: [sample.yvonne, sample.susie, sample.nancy],
  task: [sample.plan, sample.call],
  opportunity: [sample.sale],
  systemuser: [sample.boss, sample.worker],
  team: [sample.team],
}
const types = [
  'account',
  'contact',
  'task',
  'opportunity',
  'systemuser',
  'team',
  'new_thing',
  'email',
  'lead',
  'incident',
].map((name) => model.table(name))
const anId = (table: string) => fc.constantFrom(...(ids[table] ?? [sample.lead]))
const nearly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: wrong })
const pick = <T>(of: readonly T[]) => fc.constantFrom(...of)
const some = <T>(of: readonly T[], maxLength = 3) =>
  fc.subarray([...of], { minLength: 1, maxLength: Math.min(maxLength, of.length) })
const joined = (of: fc.Arbitrary<string>, between: string, maxLength = 3) =>
  fc.array(of, { minLength: 1, maxLength }).map((parts) => parts.join(between))

/** Options of a query, each at most once. */
const optionsOf = (of: fc.Arbitrary<string>, between: string, maxLength: number) =>
  fc
    .uniqueArray(of, { minLength: 1, maxLength, selector: (text) => text.slice(0, text.indexOf('=')) })
    .map((parts) => parts.join(between))

/** A value of a column: as it stands in a URL, and in JSON. */
function columnValue(definition: ColumnDefinition): fc.Arbitrary<readonly [url: string, json: unknown]> {
  const plain = <T>(of: fc.Arbitrary<T>) => of.map((one) => [String(one), one] as const)
  switch (definition.type) {
    case 'boolean':
      return plain(fc.boolean())
    case 'integer':
    case 'choice':
    case 'state':
    case 'status':
      return plain(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer()))
    case 'bigint':
      return plain(fc.maxSafeInteger())
    case 'decimal':
    case 'float':
    case 'money':
      return plain(fc.double({ min: -1e9, max: 1e9, noNaN: true }))
    case 'dateTime':
      return fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') }).map((date) => {
        const text = date.toISOString()
        return [text, text] as const
      })
    case 'dateOnly':
      return plain(fc.constantFrom('2026-03-18', '1999-12-31', '2100-02-28'))
    case 'lookup':
    case 'uniqueIdentifier':
      return plain(fc.constantFrom(...Object.values(sample)))
    default:
      return fc
        .oneof(fc.constantFrom('Contoso', 'x', '%o%', '1,2', '[a-m]%'), fc.string({ maxLength: 8 }))
        .map((text) => [encoded(`'${text.replaceAll("'", "''")}'`), text])
  }
}

const searchable = ({ type }: ColumnDefinition) => type !== 'file' && type !== 'image'
const propertiesOf = (type: EntityType) =>
  [...type.columns].filter(([, column]) => searchable(type.table.columns[column]!)).map(([property]) => property)

function comparison(type: EntityType, before = ''): fc.Arbitrary<string> {
  return pick(propertiesOf(type)).chain((property) => {
    const definition = type.table.columns[type.columns.get(property)!]!
    const isText = ['text', 'memo', 'autonumber'].includes(definition.type)
    const right = nearly(
      columnValue(definition).map(([url]) => url),
      literal.map(encoded),
    )
    const comparing = fc
      .tuple(
        fc.constantFrom('eq', 'ne', ...(isText ? [] : ['gt', 'ge', 'lt', 'le'])),
        fc.oneof(right, fc.constant('null')),
      )
      .map(([how, text]) => `${before}${property} ${how} ${text}`)
    const looking = fc
      .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), right)
      .map(([how, text]) => `${how}(${before}${property},${text})`)
    return isText ? fc.oneof(comparing, looking) : comparing
  })
}

function filterOf(type: EntityType, depth = 2, before = ''): fc.Arbitrary<string> {
  const simple = comparison(type, before)
  if (depth === 0) return simple
  const links = [...type.navigations.values()].filter(({ targets }) => targets.every((name) => model.find(name)))
  const through =
    links.length === 0
      ? simple
      : pick(links).chain(({ name, targets }) => comparison(model.table(targets[0]!), `${before}${name}/`))
  const collections = [...type.collections.values()].filter(({ target }) => model.find(target))
  const lambda =
    collections.length === 0
      ? simple
      : fc.tuple(pick(collections), fc.constantFrom('any', 'all')).chain(([{ name, target }, kind]) => {
          const variable = `x${depth}`
          return filterOf(model.table(target), depth - 1, `${variable}/`).map(
            (inner) => `${before}${name}/${kind}(${variable}:${inner})`,
          )
        })
  const inner = fc.oneof(
    { weight: 4, arbitrary: simple },
    { weight: 2, arbitrary: through },
    { weight: 2, arbitrary: lambda },
  )
  return fc.tuple(joined(inner, ' and '), fc.option(inner), fc.boolean()).map(([all, or, negated]) => {
    const text = or === null ? all : `(${all}) or ${or}`
    return negated ? `not (${text})` : text
  })
}

const selectOf = (type: EntityType) => some(propertiesOf(type), 5).map((names) => `$select=${names.join(',')}`)
const orderOf = (type: EntityType) =>
  fc
    .tuple(some(propertiesOf(type), 2), fc.constantFrom('', ' asc', ' desc'))
    .map(([names, direction]) => `$orderby=${names.map((name) => name + direction).join(',')}`)

function expandOf(type: EntityType, depth = 2): fc.Arbitrary<string> {
  const targets = [
    ...[...type.navigations.values()].map(({ name, targets }) => ({ name, target: targets[0]!, many: false })),
    ...[...type.collections.values()].map(({ name, target }) => ({ name, target, many: true })),
  ].filter(({ target }) => model.find(target))
  if (targets.length === 0) return fc.constant('')
  return pick(targets).chain(({ name, target, many }) => {
    const to = model.table(target)
    const options: fc.Arbitrary<string>[] = [selectOf(to)]
    if (many)
      options.push(
        filterOf(to, 1).map((text) => `$filter=${text}`),
        orderOf(to),
        fc.constant('$top=2'),
      )
    if (depth > 0) options.push(expandOf(to, depth - 1).map((text) => (text === '' ? '$top=1' : `$expand=${text}`)))
    return optionsOf(fc.oneof(...options), ';', 3).map((text) => `${name}(${text})`)
  })
}

function applyOf(type: EntityType): fc.Arbitrary<string> {
  const amounts = propertiesOf(type).filter((name) => {
    const kind = type.table.columns[type.columns.get(name)!]!.type
    return ['integer', 'money', 'decimal', 'float'].includes(kind)
  })
  const aggregates = fc
    .array(
      fc.tuple(
        pick(amounts.length === 0 ? ['versionnumber'] : amounts),
        fc.constantFrom('sum', 'average', 'min', 'max'),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((parts) => parts.map(([name, how], at) => `${name} with ${how} as r${at}`).join(','))
  return fc
    .tuple(some(propertiesOf(type), 2), aggregates, filterOf(type, 1), fc.nat(2))
    .map(([keys, values, filter, kind]) => {
      const group = `groupby((${keys.join(',')}),aggregate(${values},$count as n))`
      return [`$apply=aggregate(${values})`, `$apply=${group}`, `$apply=filter(${filter})/${group}`][kind]!
    })
}

function fetchOf(type: EntityType): fc.Arbitrary<string> {
  const names = Object.keys(type.table.columns).filter((name) => searchable(type.table.columns[name]!))
  const condition = pick(names).chain((name) =>
    fc
      .tuple(
        fc.constantFrom(
          'eq',
          'ne',
          'null',
          'not-null',
          'in',
          'not-in',
          'gt',
          'like',
          'today',
          'last-x-days',
          'eq-userid',
          'above',
        ),
        nearly(
          columnValue(type.table.columns[name]!).map(([, json]) => String(json)),
          literal,
        ),
      )
      .map(([how, text]) => `<condition attribute="${name}" operator="${how}" value="${escaped(text)}"/>`),
  )
  const attributes = some(names, 4).map((some) => some.map((name) => `<attribute name="${name}"/>`).join(''))
  const links = [...type.navigations.values()].filter(({ targets }) => model.find(targets[0]!))
  const link =
    links.length === 0
      ? fc.constant('')
      : fc
          .tuple(pick(links), fc.constantFrom('inner', 'outer', 'exists', 'in', 'matchfirstrowusingcrossapply'))
          .map(([{ column, targets }, how]) => {
            const { table } = model.table(targets[0]!)
            return `<link-entity name="${table.logicalName}" from="${table.primaryKey}" to="${column}" link-type="${how}" alias="l">${how === 'exists' || how === 'in' ? '' : `<attribute name="${table.primaryName}"/>`}</link-entity>`
          })
  return fc
    .tuple(
      fc.constantFrom('', ' top="2"', ' count="1" page="2"', ' distinct="true"'),
      attributes,
      fc.array(condition, { maxLength: 2 }),
      link,
      some(names, 1),
    )
    .map(([root, columns, conditions, joinedTo, [order]]) => {
      const filter = conditions.length === 0 ? '' : `<filter>${conditions.join('')}</filter>`
      const text = `<fetch${root}><entity name="${type.table.logicalName}">${columns}<order attribute="${order}"/>${filter}${joinedTo}</entity></fetch>`
      return `fetchXml=${encoded(text)}`
    })
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
}

function bodyOf(type: EntityType, depth = 1): fc.Arbitrary<Record<string, unknown>> {
  const columns = Object.entries(type.table.columns).filter(
    ([, one]) => !one.readOnly && one.type !== 'lookup' && searchable(one),
  )
  const cell = pick(columns).chain(([name, definition]) =>
    fc.tuple(
      fc.constant(name),
      nearly(
        fc.oneof(
          columnValue(definition).map(([, json]) => json),
          fc.constant(null),
        ),
        value,
      ),
    ),
  )
  const links = [...type.navigations.values()].filter(({ targets }) => model.find(targets[0]!))
  const bind =
    links.length === 0
      ? cell
      : pick(links).chain(({ name, targets }) =>
          anId(targets[0]!).map((id): [string, unknown] => [
            `${name}@odata.bind`,
            `/${model.table(targets[0]!).table.collectionName}(${id})`,
          ]),
        )
  const collections = [...type.collections.values()].filter(({ target }) => model.find(target))
  const within =
    depth === 0 || collections.length === 0
      ? cell
      : pick(collections).chain(({ name, target }) =>
          bodyOf(model.table(target), depth - 1).map((row): [string, unknown] => [name, [row]]),
        )
  return fc
    .array(fc.oneof({ weight: 8, arbitrary: cell }, { weight: 2, arbitrary: bind }, { weight: 1, arbitrary: within }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((entries) => Object.fromEntries(entries))
}

/** What is asked, without headers: method, path with query, body. */
export type Aimed = readonly [method: string, path: string, body: string]

function requestsOf(type: EntityType): fc.Arbitrary<Aimed> {
  const set = type.table.collectionName
  const record = anId(type.table.logicalName).map((id) => `/${set}(${id})`)
  const collections = [...type.collections.values()].filter(({ target }) => model.find(target))
  const list = optionsOf(
    fc.oneof(
      selectOf(type),
      filterOf(type).map((text) => `$filter=${text}`),
      orderOf(type),
      expandOf(type).map((text) => (text === '' ? '$count=true' : `$expand=${text}`)),
      fc.constantFrom('$top=2', '$count=true'),
    ),
    '&',
    2,
  )
  const get = (path: string): Aimed => ['GET', path, '']
  const options: fc.WeightedArbitrary<Aimed>[] = [
    { weight: 8, arbitrary: list.map((text) => get(`/${set}?${text}`)) },
    { weight: 2, arbitrary: applyOf(type).map((text) => get(`/${set}?${text}`)) },
    { weight: 4, arbitrary: fetchOf(type).map((text) => get(`/${set}?${text}`)) },
    { weight: 3, arbitrary: fc.tuple(record, selectOf(type)).map(([path, text]) => get(`${path}?${text}`)) },
    { weight: 2, arbitrary: filterOf(type).map((text) => get(`/${set}/$count?$filter=${text}`)) },
    { weight: 2, arbitrary: fc.tuple(record, pick(propertiesOf(type))).map(([path, name]) => get(`${path}/${name}`)) },
    { weight: 4, arbitrary: bodyOf(type).map((row): Aimed => ['POST', `/${set}`, JSON.stringify(row)]) },
    {
      weight: 4,
      arbitrary: fc.tuple(record, bodyOf(type, 0)).map(([path, row]): Aimed => ['PATCH', path, JSON.stringify(row)]),
    },
    { weight: 1, arbitrary: record.map((path): Aimed => ['DELETE', path, '']) },
  ]
  if (collections.length > 0) {
    const related = fc.tuple(record, pick(collections))
    options.push(
      {
        weight: 3,
        arbitrary: related.chain(([path, { name, target }]) =>
          filterOf(model.table(target), 1).map((text) => get(`${path}/${name}?$filter=${text}`)),
        ),
      },
      { weight: 1, arbitrary: related.map(([path, { name }]) => get(`${path}/${name}/$ref`)) },
      {
        weight: 2,
        arbitrary: related.chain(([path, { name, target }]) =>
          anId(target).map(
            (id): Aimed => [
              'POST',
              `${path}/${name}/$ref`,
              JSON.stringify({ '@odata.id': `${model.table(target).table.collectionName}(${id})` }),
            ],
          ),
        ),
      },
      {
        weight: 1,
        arbitrary: related.chain(([path, { name, target }]) =>
          anId(target).map((id): Aimed => ['DELETE', `${path}/${name}(${id})/$ref`, '']),
        ),
      },
    )
  }
  return fc.oneof(...options)
}

export const aimed: fc.Arbitrary<Aimed> = fc.oneof(...types.map(requestsOf))
