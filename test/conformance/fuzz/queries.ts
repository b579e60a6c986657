import fc from 'fast-check'
import { column, encoded, id, literal, navigation, operator, queryFunction, set, table } from './words.ts'

const list = <T>(of: fc.Arbitrary<T>, between = ',', minLength = 1) =>
  fc.array(of, { minLength, maxLength: 4 }).map((parts) => parts.join(between))

const path = fc.tuple(fc.array(navigation, { maxLength: 2 }), column).map(([links, name]) => [...links, name].join('/'))

const call = fc
  .tuple(
    queryFunction,
    fc.oneof(column, path),
    fc.array(
      fc.tuple(
        fc.constantFrom('PropertyValue', 'PropertyValue1', 'PropertyValue2', 'PropertyValues', 'Nothing', '__proto__'),
        fc.oneof(
          literal,
          list(literal).map((values) => `[${values}]`),
          fc.constant('["a","b\'c"]'),
        ),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([name, of, more]) => {
    const given = [`PropertyName='${of}'`, ...more.map(([key, text]) => `${key}=${text}`)]
    return `Microsoft.Dynamics.CRM.${name}(${given.join(',')})`
  })

/** Expressions of `$filter`, well formed or nearly so. */
export const filter: fc.Arbitrary<string> = fc.letrec<{ condition: string; expression: string }>((tie) => ({
  condition: fc.oneof(
    fc
      .tuple(path, fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'has'), fc.oneof(literal, path))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(fc.constantFrom('contains', 'startswith', 'endswith', 'tolower', 'length', 'year'), path, literal)
      .map(([name, of, text]) => `${name}(${of},${text})`),
    call,
    fc
      .tuple(navigation, fc.constantFrom('any', 'all'), fc.constantFrom('o', 'x', '__proto__'), tie('expression'))
      .map(([of, kind, name, inner]) =>
        inner.length % 3 === 0 ? `${of}/${kind}()` : `${of}/${kind}(${name}:${name}/${inner})`,
      ),
  ),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('condition'),
    fc.tuple(tie('expression'), fc.constantFrom(' and ', ' or '), tie('expression')).map((parts) => parts.join('')),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `not ${inner}`),
  ),
})).expression

const orders = list(fc.tuple(path, fc.constantFrom('', ' asc', ' desc', ' up')).map((parts) => parts.join('')))
const number = fc.constantFrom('0', '1', '2', '5000', '5001', '-1', '1.5', 'x', '', '99999999999999999999')

/** `$expand`, within itself, too. */
export const expand: fc.Arbitrary<string> = fc.letrec<{ expand: string }>((tie) => ({
  expand: fc.oneof(
    { maxDepth: 3 },
    navigation,
    navigation.map((name) => `${name}/$ref`),
    fc
      .tuple(
        navigation,
        list(
          fc.oneof(
            list(column).map((text) => `$select=${text}`),
            filter.map((text) => `$filter=${text}`),
            orders.map((text) => `$orderby=${text}`),
            number.map((text) => `$top=${text}`),
            tie('expand').map((text) => `$expand=${text}`),
            fc.constantFrom('$count=true', '$levels=2', '$skip=1', '$search=x', '$nothing=1'),
          ),
          ';',
        ),
      )
      .map(([name, options]) => `${name}(${options})`),
  ),
})).expand

const aggregate = fc.oneof(
  fc
    .tuple(path, fc.constantFrom('sum', 'average', 'min', 'max', 'countdistinct', 'median'), column)
    .map(([of, how, name]) => `${of} with ${how} as ${name}`),
  fc.constantFrom('$count as n', '$count as __proto__', '$count'),
)
const apply = fc.oneof(
  list(aggregate).map((text) => `aggregate(${text})`),
  fc
    .tuple(list(path), fc.option(list(aggregate)))
    .map(([keys, values]) => `groupby((${keys})${values === null ? '' : `,aggregate(${values})`})`),
  fc.tuple(filter, list(path)).map(([text, keys]) => `filter(${text})/groupby((${keys}))`),
)

const cookie = fc.constantFrom(
  '%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%253caccountid%2520last%253d%2522x%2522%2F%253e%253c%252fcookie%253e%22%20istracking=%22False%22%20/%3E',
  '<cookie pagenumber="-1" pagingcookie="" istracking="False" />',
  '<cookie pagenumber="99999999999" />',
  'x',
  '',
)

/** FetchXML with any elements in any place, and whatever may stand before it. */
export const fetchXml: fc.Arbitrary<string> = fc
  .letrec<{ inside: string; filter: string }>((tie) => {
    const flag = fc.constantFrom('true', 'false', '1', 'yes', '')
    const attributes = (...of: readonly fc.Arbitrary<string>[]) => fc.tuple(...of).map((parts) => parts.join(' '))
    const maybe = (name: string, of: fc.Arbitrary<string>) =>
      fc.option(of, { freq: 2, nil: undefined }).map((text) => (text === undefined ? '' : `${name}="${escaped(text)}"`))
    const alias = fc.constantFrom('a', 'b', 'a', '__proto__', 'name', '', '1')
    const condition = fc
      .tuple(
        attributes(
          maybe('attribute', column),
          maybe('entityname', alias),
          maybe('value', literal),
          maybe('valueof', column),
        ),
        operator,
        fc.array(literal, { maxLength: 3 }),
      )
      .map(([more, name, values]) => {
        const body = values.map((text) => `<value>${escaped(text)}</value>`).join('')
        return `<condition ${more} operator="${name}">${body}</condition>`
      })
    const link = fc
      .tuple(
        attributes(
          table.map((name) => `name="${name}"`),
          maybe('from', column),
          maybe('to', column),
          maybe('alias', alias),
          maybe('intersect', flag),
          maybe(
            'link-type',
            fc.constantFrom(
              'inner',
              'outer',
              'exists',
              'in',
              'any',
              'not any',
              'all',
              'not all',
              'matchfirstrowusingcrossapply',
              'left',
            ),
          ),
        ),
        tie('inside'),
      )
      .map(([more, inner]) => `<link-entity ${more}>${inner}</link-entity>`)
    const attribute = attributes(
      maybe('name', column),
      maybe('alias', alias),
      maybe('aggregate', fc.constantFrom('sum', 'avg', 'min', 'max', 'count', 'countcolumn', 'median')),
      maybe('groupby', flag),
      maybe('distinct', flag),
      maybe(
        'dategrouping',
        fc.constantFrom('day', 'week', 'month', 'quarter', 'year', 'fiscal-period', 'fiscal-year', 'hour'),
      ),
      maybe('rowaggregate', fc.constantFrom('CountChildren', 'x')),
    ).map((text) => `<attribute ${text} />`)
    const order = attributes(
      maybe('attribute', column),
      maybe('alias', alias),
      maybe('descending', flag),
      maybe('entityname', alias),
    ).map((text) => `<order ${text} />`)
    return {
      filter: fc
        .tuple(
          fc.constantFrom('and', 'or', 'xor'),
          fc.array(fc.oneof({ maxDepth: 3 }, condition, tie('filter'), link), { maxLength: 3 }),
        )
        .map(([type, parts]) => `<filter type="${type}">${parts.join('')}</filter>`),
      inside: fc
        .array(
          fc.oneof(
            { maxDepth: 3 },
            attribute,
            order,
            fc.constant('<all-attributes />'),
            fc.constant('<x />'),
            tie('filter'),
            link,
          ),
          { maxLength: 4 },
        )
        .map((parts) => parts.join('')),
    }
  })
  .inside.chain((inner) =>
    fc
      .tuple(
        table,
        fc.constantFrom(
          '',
          '<?xml version="1.0"?>',
          '<!-- x -->',
          bomb,
          '<!DOCTYPE fetch SYSTEM "file:///etc/passwd">',
        ),
        fc.array(
          fc.tuple(
            fc.constantFrom(
              'top',
              'count',
              'page',
              'aggregate',
              'distinct',
              'returntotalrecordcount',
              'aggregatelimit',
              'paging-cookie',
              'useraworderby',
              'no-lock',
              '__proto__',
            ),
            fc.constantFrom(
              'true',
              'false',
              '1',
              '2',
              '0',
              '-1',
              '5001',
              'x',
              '',
              '1e9',
              '&lt;cookie page=&quot;1&quot;/&gt;',
            ),
          ),
          { maxLength: 3 },
        ),
      )
      .map(([name, before, more]) => {
        const given = new Map(more)
        const attributes = [...given].map(([key, text]) => ` ${key}="${text}"`).join('')
        return `${before}<fetch${attributes}><entity name="${name}">${inner}</entity></fetch>`
      }),
  )

const bomb = `<!DOCTYPE bomb [<!ENTITY lol0 "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at};`.repeat(10)}">`).join('')}]>`

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
}

const option = fc.oneof(
  { weight: 4, arbitrary: list(column).map((text) => `$select=${text}`) },
  { weight: 6, arbitrary: filter.map((text) => `$filter=${text}`) },
  { weight: 2, arbitrary: orders.map((text) => `$orderby=${text}`) },
  { weight: 4, arbitrary: list(expand).map((text) => `$expand=${text}`) },
  { weight: 2, arbitrary: apply.map((text) => `$apply=${text}`) },
  { weight: 1, arbitrary: number.map((text) => `$top=${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '$count=true',
      '$count=x',
      '$skip=1',
      '$search=x',
      '$format=json',
      '$nothing=1',
      'tag=x',
    ),
  },
  { weight: 1, arbitrary: cookie.map((text) => `$skiptoken=${text}`) },
  { weight: 1, arbitrary: literal.map((text) => `$deltatoken=${text}`) },
  { weight: 5, arbitrary: fetchXml.map((text) => `fetchXml=${encoded(text)}`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('savedQuery', 'userQuery'), id).map((parts) => parts.join('=')) },
)
/** The query of a URL, with values for aliases. */
export const query = fc
  .tuple(fc.array(option, { maxLength: 3 }), fc.array(literal, { maxLength: 2 }))
  .map(([options, values]) => [...options, ...values.map((text, at) => `@p${at + 1}=${text}`)].join('&'))

const keys = fc.oneof(
  { weight: 8, arbitrary: id },
  { weight: 1, arbitrary: fc.tuple(column, literal).map((parts) => parts.join('=')) },
  { weight: 1, arbitrary: fc.tuple(literal, literal).map(([a, b]) => `new_code=${a},new_number=${b}`) },
)
/** Where rows are. */
export const rows = fc.oneof(
  { weight: 4, arbitrary: set },
  { weight: 6, arbitrary: fc.tuple(set, keys).map(([of, key]) => `${of}(${key})`) },
  { weight: 3, arbitrary: fc.tuple(set, keys, navigation).map(([of, key, name]) => `${of}(${key})/${name}`) },
  { weight: 2, arbitrary: fc.tuple(set, keys, column).map(([of, key, name]) => `${of}(${key})/${name}`) },
  { weight: 1, arbitrary: fc.tuple(set, keys, navigation).map(([of, key, name]) => `${of}(${key})/${name}/$ref`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(set, keys, navigation, id)
      .map(([of, key, name, other]) => `${of}(${key})/${name}(${other})/$ref`),
  },
  { weight: 1, arbitrary: fc.tuple(set, keys, column).map(([of, key, name]) => `${of}(${key})/${name}/$value`) },
  { weight: 1, arbitrary: set.map((of) => `${of}/$count`) },
)
