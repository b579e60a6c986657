import { dataverseError } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { json } from '../responses.ts'
import { parseArguments, parseLiteral } from '../url/literal.ts'
import type { WebAnswer } from '../web-request.ts'
import { type MetadataNode, nodesOfSet } from './metadata-node.ts'
import type { MetadataObject } from './option-set.ts'

type Values = Readonly<Record<string, unknown>>

const known = new Set(['Query', 'ClientVersionStamp', 'DeletedMetadataFilters', 'AppModuleId', 'RetrieveAllSettings'])

/**
 * The parts of the schema that a query selects. With the stamp of an earlier answer there are none of them as long as
 * the schema has not changed; what was deleted since is not kept.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/query-schema-definitions
 */
export function retrieveMetadataChanges(exchange: Exchange, text: string | undefined): WebAnswer {
  const given: Record<string, unknown> = {}
  for (const [name, literal] of parseArguments(text ?? '')) {
    if (!known.has(name)) throw dataverseError('CrmHttpError', { segment: 'RetrieveMetadataChanges' })
    given[name] = parseLiteral(literal, exchange.options.aliases)
  }
  const { model, baseUrl, optionSets } = exchange
  const stamp = String(model.version)
  const query = asObject(given.Query ?? {}, 'Query')
  const unchanged = given.ClientVersionStamp === stamp
  const tables = [...model.sets.values()].map(({ table }) => table)
  const nodes = unchanged ? [] : nodesOfSet('EntityDefinitions', tables, optionSets)
  return json(200, {
    '@odata.context': `${baseUrl}/$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse`,
    ServerVersionStamp: stamp,
    EntityMetadata: nodes.filter((node) => matches(node, query.Criteria)).map((node) => shownEntity(node, query)),
    DeletedMetadata: { Count: 0, IsReadOnly: false, Keys: [], Values: [] },
  })
}

const inner = {
  AttributeQuery: ['Attributes'],
  KeyQuery: ['Keys'],
  RelationshipQuery: ['ManyToOneRelationships', 'OneToManyRelationships', 'ManyToManyRelationships'],
} as const

/** A table, with those of its parts for which there is a query of their own, or which are among the properties. */
function shownEntity(node: MetadataNode, query: Values): Record<string, unknown> {
  const result = selected(node, query.Properties)
  for (const [name, collections] of Object.entries(inner)) {
    for (const collection of collections) {
      if (query[name] === undefined && !isNamed(query.Properties, collection)) continue
      const of = asObject(query[name] ?? {}, name)
      result[collection] = node.collections[collection]!()
        .filter((part) => matches(part, of.Criteria))
        .map((part) => ({ ...selected(part, of.Properties), ...optionSets(part, of.Properties) }))
    }
  }
  return result
}

function optionSets(node: MetadataNode, properties: unknown): Record<string, unknown> {
  const shown = Object.entries(node.parts).filter(([name]) => properties === undefined || isNamed(properties, name))
  return Object.fromEntries(shown.map(([name, part]) => [name, part?.object ?? null]))
}

function isNamed(properties: unknown, name: string): boolean {
  const { AllProperties = false, PropertyNames = [] } = asObject(properties ?? {}, 'Properties')
  return AllProperties === true || (Array.isArray(PropertyNames) && PropertyNames.includes(name))
}

/** The properties asked for; what identifies the object always. Without a list all of them. */
function selected({ object }: MetadataNode, properties: unknown): Record<string, unknown> {
  if (properties === undefined || properties === null) return { ...object }
  const { AllProperties = false, PropertyNames = [] } = asObject(properties, 'Properties')
  if (AllProperties === true) return { ...object }
  if (!Array.isArray(PropertyNames)) throw badRequest("'PropertyNames' is an array.")
  const names = ['@odata.type', 'MetadataId', 'LogicalName', 'SchemaName', 'HasChanged', ...PropertyNames]
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)))
}

function matches({ object }: MetadataNode, criteria: unknown, depth = 0): boolean {
  if (criteria === undefined || criteria === null) return true
  if (depth > 50) throw badRequest('The criteria are nested too deeply.')
  const { FilterOperator = 'And', Conditions = [], Filters = [] } = asObject(criteria, 'Criteria')
  if (!Array.isArray(Conditions) || !Array.isArray(Filters)) throw badRequest("'Conditions' and 'Filters' are arrays.")
  const tests = [
    ...Conditions.map((condition) => () => holds(object, asObject(condition, 'A condition'))),
    ...Filters.map((filter) => () => matches({ object } as MetadataNode, filter, depth + 1)),
  ]
  if (tests.length === 0) return true
  return FilterOperator === 'Or' ? tests.some((test) => test()) : tests.every((test) => test())
}

function holds(object: MetadataObject, { PropertyName, ConditionOperator, Value }: Values): boolean {
  if (typeof PropertyName !== 'string' || !Object.hasOwn(object, PropertyName)) {
    throw badRequest(`The condition's property '${String(PropertyName)}' is not known.`)
  }
  const actual = String(plain(object[PropertyName]))
  const expected = plainValues(Value)
  switch (ConditionOperator) {
    case 'Equals':
      return actual === expected[0]
    case 'NotEquals':
      return actual !== expected[0]
    case 'In':
      return expected.includes(actual)
    case 'NotIn':
      return !expected.includes(actual)
    case 'GreaterThan':
      return Number(actual) > Number(expected[0])
    case 'LessThan':
      return Number(actual) < Number(expected[0])
    default:
      throw badRequest(`The operator '${String(ConditionOperator)}' of a condition is not known.`)
  }
}

/** `{Type, Value}`, whose value is a text; a list of texts is JSON in it. */
function plainValues(given: unknown): readonly string[] {
  const value = typeof given === 'object' && given !== null && 'Value' in given ? given.Value : given
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      return (JSON.parse(value) as unknown[]).map(String)
    } catch {
      throw badRequest(`The value '${value}' of a condition is not a list.`)
    }
  }
  return [String(value)]
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Value' in value ? value.Value : value
}

function asObject(value: unknown, what: string): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest(`'${what}' is an object.`)
  return value as Values
}
