import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  aggregateFunctions,
  type Condition,
  DataverseError,
  dateGroupings,
  type Link,
  linkTypes,
  operators,
  type QueryExpression,
} from '../../service/index.ts'
import { parseFetchXml, printFetchXml } from '../index.ts'

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (DataverseError.isInstance(error)) return `${error.name}: ${error.message}`
    throw error
  }
  return 'no error'
}
const entity = (body: string, attributes = '') => `<fetch ${attributes}><entity name="account">${body}</entity></fetch>`
const parse = (body: string, attributes = '') => parseFetchXml(entity(body, attributes))

describe('a text becomes the tree', () => {
  test('with columns, conditions, links and orders', () => {
    const text = `<?xml version="1.0"?>
      <!-- a comment -->
      <fetch version="1.0" output-format="xml-platform" mapping="logical" count="50" page="2" returntotalrecordcount="true" no-lock="true">
        <entity name="account">
          <attribute name="name" />
          <attribute name="revenue" alias="money" />
          <order attribute="name" descending="true" />
          <order attribute="fullname" entityname="c" />
          <filter type="or">
            <condition attribute="name" operator="like" value="a%" />
            <condition attribute="statecode" operator="in"><value>0</value><value>1</value></condition>
            <condition attribute="revenue" operator="gt" valueof="c.creditlimit" />
            <condition entityname="c" attribute="fullname" operator="neq" value="x &lt; y" />
          </filter>
          <link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" alias="c" visible="false">
            <attribute name="fullname" />
            <order attribute="fullname" />
            <filter><condition attribute="emailaddress1" operator="not-null" /></filter>
          </link-entity>
          <link-entity name="task" from="regardingobjectid" to="accountid"><all-attributes /></link-entity>
        </entity>
      </fetch>`
    expect(parseFetchXml(text)).toEqual({
      table: 'account',
      columns: ['name', { column: 'revenue', alias: 'money' }],
      orders: [
        { column: 'name', descending: true },
        { column: 'fullname', link: 'c' },
      ],
      orderChoicesBy: 'label',
      page: { size: 50, number: 2 },
      totalCount: true,
      filter: {
        kind: 'or',
        conditions: [
          { kind: 'compare', column: 'name', operator: 'like', values: ['a%'] },
          { kind: 'compare', column: 'statecode', operator: 'in', values: ['0', '1'] },
          {
            kind: 'compareColumns',
            column: 'revenue',
            operator: 'gt',
            with: { column: 'creditlimit', link: 'c' },
          },
          { kind: 'compare', column: 'fullname', link: 'c', operator: 'ne', values: ['x < y'] },
        ],
      },
      links: [
        {
          table: 'contact',
          from: 'contactid',
          to: 'primarycontactid',
          alias: 'c',
          type: 'outer',
          columns: ['fullname'],
          orders: [{ column: 'fullname' }],
          filter: {
            kind: 'and',
            conditions: [{ kind: 'compare', column: 'emailaddress1', operator: 'not-null', values: [] }],
          },
        },
        {
          table: 'task',
          from: 'regardingobjectid',
          to: 'accountid',
          alias: 'task2',
          type: 'inner',
          columns: 'all',
        },
      ],
    })
  })

  test('with aggregates and groups, also of links', () => {
    const body = `
      <attribute name="accountid" aggregate="count" alias="n" />
      <attribute name="revenue" aggregate="countcolumn" distinct="true" alias="d" />
      <attribute name="createdon" groupby="true" dategrouping="fiscal-year" usertimezone="false" alias="y" />
      <order alias="n" descending="true" />
      <link-entity name="contact" from="parentcustomerid" to="accountid" alias="c">
        <attribute name="fullname" groupby="1" alias="f" />
        <order alias="f" />
      </link-entity>`
    expect(parse(body, 'aggregate="true" aggregatelimit="10" useraworderby="1"')).toEqual({
      table: 'account',
      aggregates: [
        { aggregate: 'count', column: 'accountid', alias: 'n' },
        { aggregate: 'countcolumn', column: 'revenue', alias: 'd', distinct: true },
      ],
      groupBy: [
        { column: 'createdon', alias: 'y', dateGrouping: 'fiscal-year', timeZone: 'utc' },
        { column: 'fullname', alias: 'f', link: 'c' },
      ],
      aggregateLimit: 10,
      orders: [{ alias: 'n', descending: true }, { alias: 'f' }],
      links: [{ table: 'contact', from: 'parentcustomerid', to: 'accountid', alias: 'c', type: 'inner' }],
    })
  })

  test('with links within filters', () => {
    const body = `
      <filter type="or">
        <link-entity name="contact" from="parentcustomerid" to="accountid" link-type="not any">
          <filter><condition attribute="fullname" operator="eq" value="x" /></filter>
        </link-entity>
        <filter><condition attribute="name" operator="null" /></filter>
      </filter>
      <filter><condition attribute="name" operator="in" value="a, b" /></filter>`
    const one = (condition: Condition): Condition => ({ kind: 'and', conditions: [condition] })
    expect(parse(body).filter).toEqual({
      kind: 'and',
      conditions: [
        {
          kind: 'or',
          conditions: [
            {
              kind: 'linked',
              match: 'notAny',
              link: {
                table: 'contact',
                from: 'parentcustomerid',
                to: 'accountid',
                filter: one({ kind: 'compare', column: 'fullname', operator: 'eq', values: ['x'] }),
              },
            },
            one({ kind: 'compare', column: 'name', operator: 'null', values: [] }),
          ],
        },
        one({ kind: 'compare', column: 'name', operator: 'in', values: ['a', 'b'] }),
      ],
    })
  })

  test('with what stands in the root', () => {
    expect(parse('', 'top="5" distinct="1"')).toMatchObject({ top: 5, distinct: true })
    expect(parse('', 'page="3"').page).toEqual({ size: 5000, number: 3 })
    expect(parse('', 'count="2" paging-cookie="&lt;cookie /&gt;"').page).toEqual({ size: 2, cookie: '<cookie />' })
    expect(parse('')).not.toHaveProperty('columns')
    expect(parse('<no-attrs />').columns).toEqual([])
    expect(parse('<all-attributes /><attribute name="name" />')).not.toHaveProperty('columns')
    expect(parse('<attribute name="accountid" rowaggregate="CountChildren" alias="n" />').columns).toEqual([
      { column: 'accountid', alias: 'n', rowAggregate: 'CountChildren' },
    ])
  })

  test('which is frozen all through', () => {
    const query = parse('<filter><condition attribute="name" operator="eq" value="x" /></filter>')
    expect(Object.isFrozen(query) && Object.isFrozen(query.filter)).toBe(true)
  })
})

describe('what is no FetchXML gets the error of the platform', () => {
  const link = (attributes: string, body = '') =>
    parse(`<link-entity name="contact" from="contactid" to="primarycontactid" ${attributes}>${body}</link-entity>`)
  const condition = (attributes: string, body = '') =>
    parse(`<filter><condition ${attributes}>${body}</condition></filter>`)
  test.each<[string, () => unknown, RegExp]>([
    ['an empty text', () => parseFetchXml(''), /^InvalidFetchXml: .*no root element at line 1, column 1/],
    ['no XML', () => parseFetchXml('accounts'), /^InvalidFetchXml: .*line 1, column/],
    [
      'an open element',
      () => parseFetchXml('<fetch>\n  <entity name="a">'),
      /^InvalidFetchXml: .*Unclosed root tag at line 2/,
    ],
    ['a stray tag', () => parseFetchXml('<fetch></entity></fetch>'), /^InvalidFetchXml/],
    ['two roots', () => parseFetchXml('<fetch><entity name="a"/></fetch><fetch/>'), /^InvalidFetchXml/],
    ['text after the root', () => parseFetchXml('<fetch><entity name="a"/></fetch>x'), /^InvalidFetchXml/],
    ['an attribute given twice', () => parse('', 'top="1" top="2"'), /InvalidFetchXml.*given twice/],
    ['an attribute that poisons', () => parse('', '__proto__="1"'), /^InvalidFetchXml/],
    ['an unknown entity reference', () => parse('<filter type="&constructor;" />'), /^InvalidFetchXml/],
    [
      'a document type',
      () => parseFetchXml('<!DOCTYPE f [<!ENTITY a "b">]><fetch><entity name="&a;"/></fetch>'),
      /InvalidFetchXml.*document type/,
    ],
    [
      'what nests too deep',
      () => parse(`${'<filter>'.repeat(200)}${'</filter>'.repeat(200)}`),
      /InvalidFetchXml.*too deep/,
    ],
    ['what is too long', () => parse(`<!--${'x'.repeat(1_100_000)}-->`), /^RequestLengthTooLarge/],
    ['another root', () => parseFetchXml('<query><entity name="a"/></query>'), /InvalidFetchXml.*<query>/],
    ['no entity', () => parseFetchXml('<fetch />'), /^QueryBuilderElementNotFound/],
    [
      'two entities',
      () => parseFetchXml('<fetch><entity name="a"/><entity name="b"/></fetch>'),
      /^QueryBuilderDeserializeInvalidNode/,
    ],
    ['an entity without a name', () => parseFetchXml('<fetch><entity/></fetch>'), /InvalidFetchXml.*'name'/],
    [
      'an unknown element',
      () => parse('<column name="x" />'),
      /^QueryBuilderDeserializeInvalidNode.*<column> at line 1, column/,
    ],
    ['an unknown attribute', () => parse('<attribute name="x" alais="y" />'), /InvalidFetchXml.*'alais'/],
    ['a bad distinct', () => parse('', 'distinct="yes"'), /^QueryBuilderDeserializeInvalidDistinct/],
    ['a bad no-lock', () => parse('', 'no-lock="x"'), /^QueryBuilderDeserializeInvalidNoLock/],
    ['a bad useraworderby', () => parse('', 'useraworderby="x"'), /^QueryBuilderDeserializeInvalidUseRawOrderBy/],
    ['a bad mapping', () => parse('', 'mapping="x"'), /^QueryBuilderDeserializeInvalidMapping/],
    ['a bad aggregate', () => parse('', 'aggregate="x"'), /^QueryBuilderDeserializeInvalidAggregate/],
    ['a bad page', () => parse('', 'page="0"'), /^QueryBuilderInvalidPagingCookie/],
    ['a bad count', () => parse('', 'count="many"'), /InvalidFetchXml.*'count'/],
    ['top and page', () => parse('', 'top="1" page="1"'), /^InvalidQuery/],
    ['top and count', () => parse('', 'top="1" count="1"'), /^InvalidQuery/],
    ['top and a total', () => parse('', 'top="1" returntotalrecordcount="true"'), /^InvalidQuery/],
    ['retained rows', () => parse('', 'datasource="retained"'), /^InvalidQuery.*retained/],
    [
      'a bad descending',
      () => parse('<order attribute="a" descending="x" />'),
      /^QueryBuilderDeserializeInvalidDescending/,
    ],
    ['a bad filter type', () => parse('<filter type="xor" />'), /^QueryBuilderInvalidFilterType/],
    [
      'an unknown operator',
      () => condition('attribute="a" operator="sounds-like"'),
      /^QueryBuilderInvalidConditionOperator.*sounds-like/,
    ],
    ['a condition without a column', () => condition('operator="eq" value="1"'), /InvalidFetchXml.*'attribute'/],
    ['a condition without an operator', () => condition('attribute="a"'), /InvalidFetchXml.*'operator'/],
    [
      'values in two places',
      () => condition('attribute="a" operator="in" value="1"', '<value>2</value>'),
      /InvalidFetchXml/,
    ],
    ['valueof with like', () => condition('attribute="a" operator="like" valueof="b"'), /^QueryBuilderBad_Condition/],
    [
      'valueof with a value',
      () => condition('attribute="a" operator="eq" valueof="b" value="1"'),
      /^QueryBuilderBad_Condition/,
    ],
    [
      'an element within a value',
      () => condition('attribute="a" operator="in"', '<value><x/></value>'),
      /^QueryBuilderDeserializeInvalidNode/,
    ],
    ['a bad link type', () => link('link-type="full"'), /^QueryBuilderDeserializeInvalidLinkType/],
    ['a filter link outside of a filter', () => link('link-type="any"'), /^QueryBuilderDeserializeInvalidLinkType/],
    [
      'a join within a filter',
      () => parse('<filter><link-entity name="c" from="a" to="b" link-type="inner" /></filter>'),
      /^QueryBuilderDeserializeInvalidLinkType/,
    ],
    [
      'columns within a filter',
      () =>
        parse(
          '<filter><link-entity name="c" from="a" to="b" link-type="any"><attribute name="x"/></link-entity></filter>',
        ),
      /InvalidFetchXml/,
    ],
    ['columns of exists', () => link('link-type="exists"', '<attribute name="x" />'), /InvalidFetchXml.*'exists'/],
    ['a link without from', () => parse('<link-entity name="contact" to="x" />'), /InvalidFetchXml.*'from'/],
    ['an alias that cannot be', () => link('alias="a b"'), /InvalidFetchXml.*'a b'/],
    [
      'two links with one alias',
      () =>
        parse('<link-entity name="c" from="a" to="b" alias="x" /><link-entity name="c" from="a" to="b" alias="x" />'),
      /^QueryBuilderDuplicateAlias/,
    ],
    [
      'an aggregate outside of an aggregate query',
      () => parse('<attribute name="a" aggregate="sum" alias="s" />'),
      /^QueryBuilderDeserializeInvalidAggregate/,
    ],
    [
      'order by alias outside of one',
      () => parse('<order alias="a" />'),
      /^QueryBuilderAliasNotAllowedForNonAggregateOrderBy/,
    ],
    [
      'a bad rowaggregate',
      () => parse('<attribute name="a" rowaggregate="Sum" alias="s" />'),
      /^QueryBuilderDeserializeInvalidAggregate/,
    ],
    [
      'rowaggregate without an alias',
      () => parse('<attribute name="a" rowaggregate="CountChildren" />'),
      /^QueryBuilderInvalid_Alias/,
    ],
  ])('%s', (_, run, expected) => {
    expect(refusal(run)).toMatch(expected)
  })

  const aggregate = (body: string) => parse(body, 'aggregate="true"')
  test.each<[string, string, RegExp]>([
    ['without a result', '', /^QueryBuilderDeserializeInvalidAggregate/],
    ['with a plain column', '<attribute name="a" alias="x" />', /^QueryBuilderAttribute_With_Aggregate/],
    ['with all columns', '<all-attributes />', /^QueryBuilderAttribute_With_Aggregate/],
    ['with a result without an alias', '<attribute name="a" aggregate="sum" />', /^QueryBuilderInvalid_Alias/],
    [
      'with an alias that cannot be',
      '<attribute name="a" aggregate="sum" alias="a b" />',
      /^QueryBuilderInvalid_Alias/,
    ],
    [
      'with both at once',
      '<attribute name="a" aggregate="sum" groupby="true" alias="x" />',
      /^QueryBuilderAttributeCannotBeGroupByAndAggregate/,
    ],
    [
      'with an unknown function',
      '<attribute name="a" aggregate="median" alias="x" />',
      /^QueryBuilderDeserializeInvalidAggregate/,
    ],
    ['with a bad groupby', '<attribute name="a" groupby="x" alias="x" />', /^QueryBuilderDeserializeInvalidGroupBy/],
    [
      'with a bad dategrouping',
      '<attribute name="a" groupby="true" dategrouping="decade" alias="x" />',
      /^QueryBuilderInvalidDateGrouping/,
    ],
    [
      'with one alias for two',
      '<attribute name="a" aggregate="sum" alias="x" /><attribute name="b" aggregate="sum" alias="x" />',
      /^QueryBuilderDuplicateAlias/,
    ],
    [
      'with an order by column',
      '<attribute name="a" aggregate="sum" alias="x" /><order attribute="a" />',
      /^QueryBuilderAttributeNotAllowedForAggregateOrderBy/,
    ],
  ])('an aggregate query %s', (_, body, expected) => {
    expect(refusal(() => aggregate(body))).toMatch(expected)
  })
})

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((text) => !(text in Object.prototype))
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !/[\p{Cc}\ufffe\uffff]/u.test(value))
/** An object with the properties that are there. */
const some = <T extends object>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T & string)[]) =>
  fc.record(parts, { requiredKeys: required }) as fc.Arbitrary<T>

describe('printing', () => {
  const flag = fc.constant(true)
  const { condition, link } = fc.letrec<{ condition: Condition; filter: Condition; link: Link; inner: Link }>(
    (tie) => ({
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        some<Extract<Condition, { kind: 'compare' }>>(
          {
            kind: fc.constant('compare'),
            column: name,
            link: name,
            operator: fc.constantFrom(...operators),
            values: fc.array(text, { maxLength: 3 }),
          },
          ['kind', 'column', 'operator', 'values'],
        ),
        some<Extract<Condition, { kind: 'compareColumns' }>>(
          {
            kind: fc.constant('compareColumns'),
            column: name,
            operator: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
            with: some<{ column: string; link?: string }>({ column: name, link: name }, ['column']),
          },
          ['kind', 'column', 'operator', 'with'],
        ),
        tie('filter') as fc.Arbitrary<Condition>,
        some<Extract<Condition, { kind: 'linked' }>>(
          {
            kind: fc.constant('linked'),
            match: fc.constantFrom('any', 'notAny', 'all', 'notAll'),
            link: some<Omit<Link, 'type' | 'columns' | 'orders'>>(
              { table: name, from: name, to: name, filter: tie('filter') as fc.Arbitrary<Condition> },
              ['table', 'from', 'to'],
            ),
          },
          ['kind', 'match', 'link'],
        ),
      ),
      filter: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        conditions: fc.array(tie('condition') as fc.Arbitrary<Condition>, { maxLength: 3 }),
      }),
      link: tie('inner') as fc.Arbitrary<Link>,
      inner: some<Link>(
        {
          table: name,
          from: name,
          to: name,
          type: fc.constantFrom(...linkTypes),
          columns: fc.oneof(fc.array(name, { minLength: 1, maxLength: 2 }), fc.constant('all' as const)),
          filter: tie('filter') as fc.Arbitrary<Condition>,
          orders: fc.array(some({ column: name, descending: flag }, ['column']), { minLength: 1, maxLength: 2 }),
          links: fc.oneof(
            { depthSize: 'small' },
            fc.constant([]),
            fc.array(tie('inner') as fc.Arbitrary<Link>, { maxLength: 2 }),
          ),
          intersect: flag,
        },
        ['table', 'from', 'to', 'type'],
      ),
    }),
  )
  const query = some<QueryExpression>(
    {
      table: name,
      columns: fc.array(
        fc.oneof(
          name,
          name.map((column) => ({ column, alias: `${column}_as` })),
        ),
        { maxLength: 3 },
      ),
      filter: condition,
      orders: fc.array(some({ column: name, link: name, descending: flag }, ['column']), {
        minLength: 1,
        maxLength: 2,
      }),
      links: fc.array(link, { minLength: 1, maxLength: 3 }),
      distinct: flag,
      orderChoicesBy: fc.constant('label'),
      page: some<NonNullable<QueryExpression['page']>>(
        {
          size: fc.integer({ min: 1, max: 5000 }),
          number: fc.integer({ min: 1, max: 9 }),
          cookie: text.filter(Boolean),
        },
        ['size'],
      ),
    },
    ['table'],
  )
  const aggregateQuery = some<QueryExpression>(
    {
      table: name,
      aggregates: fc.array(
        some(
          { column: name, aggregate: fc.constantFrom(...aggregateFunctions), alias: fc.constant('a'), distinct: flag },
          ['column', 'aggregate', 'alias'],
        ),
        { minLength: 1, maxLength: 1 },
      ),
      groupBy: fc.array(
        some(
          {
            column: name,
            alias: fc.constant('g'),
            dateGrouping: fc.constantFrom(...dateGroupings),
            timeZone: fc.constant('utc' as const),
          },
          ['column', 'alias'],
        ),
        { minLength: 1, maxLength: 1 },
      ),
      aggregateLimit: fc.integer({ min: 1, max: 50_000 }),
      orders: fc.constant([{ alias: 'a', descending: true }, { alias: 'g' }]),
    },
    ['table', 'aggregates'],
  )

  test('and parsing again gives the same tree', () => {
    fc.assert(
      fc.property(fc.oneof(query, aggregateQuery), (tree) => {
        let parsed: QueryExpression
        try {
          parsed = parseFetchXml(printFetchXml(tree))
        } catch (error) {
          // Columns of `exists`, or one alias for two.
          if (DataverseError.isInstance(error) && /InvalidFetchXml|DuplicateAlias/.test(error.name)) return
          throw error
        }
        const again = printFetchXml(parsed)
        expect(parseFetchXml(again)).toEqual(parsed)
        expect(printFetchXml(parseFetchXml(again))).toBe(again)
      }),
      { numRuns: 1000 },
    )
  })

  test('keeps every condition as it was', () => {
    fc.assert(
      fc.property(condition, (filter) => {
        const parsed = parseFetchXml(printFetchXml({ table: 'account', filter })).filter
        const expected = filter.kind === 'and' || filter.kind === 'or' ? filter : { kind: 'and', conditions: [filter] }
        expect(parsed).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, Condition, string]>([
    [
      'not eq',
      { kind: 'compare', column: 'a', operator: 'eq', values: [1] },
      '<filter><condition attribute="a" operator="ne" value="1" /></filter>',
    ],
    [
      'not gt, which rows without a value satisfy',
      { kind: 'compare', column: 'a', operator: 'gt', values: [1] },
      '<filter type="or"><condition attribute="a" operator="le" value="1" /><condition attribute="a" operator="null" /></filter>',
    ],
    [
      'not and',
      {
        kind: 'and',
        conditions: [
          { kind: 'compare', column: 'a', operator: 'null', values: [] },
          { kind: 'not', condition: { kind: 'compare', column: 'b', operator: 'eq-userid', values: [] } },
        ],
      },
      '<filter type="or"><condition attribute="a" operator="not-null" /><condition attribute="b" operator="eq-userid" /></filter>',
    ],
  ])('%s', (_, condition, expected) => {
    expect(printFetchXml({ table: 'account', filter: { kind: 'not', condition } })).toContain(expected)
  })

  test('refuses what FetchXML cannot say', () => {
    const today: Condition = { kind: 'compare', column: 'a', operator: 'today', values: [] }
    expect(refusal(() => printFetchXml({ table: 'a', filter: { kind: 'not', condition: today } }))).toMatch(
      /cannot say/,
    )
    const bell: Condition = { kind: 'compare', column: 'a', operator: 'eq', values: ['\u0007'] }
    expect(refusal(() => printFetchXml({ table: 'a', filter: bell }))).toMatch(/control character/)
  })
})
