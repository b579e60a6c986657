import {
  type Condition,
  dataverseError,
  type Junction,
  type LinkCondition,
  type LinkMatch,
  type Operator,
  operators,
} from '../../service/index.ts'
import { checkAttributes, errorAt, malformed, required } from './reader.ts'
import type { XmlElement } from './xml-element.ts'

const matches: Readonly<Record<string, LinkMatch>> = {
  any: 'any',
  'not any': 'notAny',
  all: 'all',
  'not all': 'notAll',
}

/** Parses the body of a link within a filter, which needs what parses links. */
export type ParseFilterLink = (element: XmlElement) => LinkCondition['link']

/**
 * Parses a `filter`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/filter
 */
export function parseFilter(element: XmlElement, parseLink: ParseFilterLink): Junction {
  checkAttributes(element, [
    'type',
    // Hints about how to search; they do not change what is found.
    'hint',
    'isquickfindfields',
    'overridequickfindrecordlimitenabled',
    'overridequickfindrecordlimitdisabled',
    'bypassquickfind',
  ])
  const kind = element.attributes.get('type') ?? 'and'
  if (kind !== 'and' && kind !== 'or') throw errorAt(element, 'QueryBuilderInvalidFilterType')
  const conditions = element.children.map((child): Condition => {
    switch (child.name) {
      case 'filter':
        return parseFilter(child, parseLink)
      case 'condition':
        return parseCondition(child)
      case 'link-entity': {
        const type = child.attributes.get('link-type') ?? 'inner'
        if (!Object.hasOwn(matches, type)) throw errorAt(child, 'QueryBuilderDeserializeInvalidLinkType')
        return { kind: 'linked', match: matches[type]!, link: parseLink(child) }
      }
      default:
        throw errorAt(child, 'QueryBuilderDeserializeInvalidNode')
    }
  })
  return { kind, conditions }
}

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
/** The operators whose values may also stand in one attribute, with commas between them. */
const lists: readonly string[] = ['in', 'not-in', 'contain-values', 'not-contain-values']

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/condition */
function parseCondition(element: XmlElement): Condition {
  checkAttributes(element, [
    'attribute',
    'operator',
    'value',
    'valueof',
    'entityname',
    // What editors of queries note down for themselves.
    'column',
    'alias',
    'aggregate',
    'uitype',
    'uiname',
    'uihidden',
  ])
  const { attributes } = element
  if (attributes.has('aggregate')) throw errorAt(element, 'QueryBuilderDeserializeInvalidAggregate')
  const column = required(element, 'attribute')
  const operator = operatorOf(required(element, 'operator'))
  const link = attributes.get('entityname')
  const path = { column, ...(link ? { link } : {}) }
  const other = attributes.get('valueof')
  if (other === undefined) return { kind: 'compare', ...path, operator, values: valuesOf(element, operator) }
  const comparing = comparisons.find((name) => name === operator)
  if (!comparing || attributes.has('value') || element.children.length > 0) {
    throw dataverseError('QueryBuilderBad_Condition', {
      reason: `valueof goes with eq, ne, gt, ge, lt and le, and with no value (line ${element.line}, column ${element.column})`,
    })
  }
  return { kind: 'compareColumns', ...path, operator: comparing, with: pathOf(other) }
}

/** `column`, or `alias.column` for one of a link. */
function pathOf(text: string) {
  const dot = text.lastIndexOf('.')
  return dot === -1 ? { column: text } : { column: text.slice(dot + 1), link: text.slice(0, dot) }
}

const known: ReadonlySet<string> = new Set(operators)

function operatorOf(name: string): Operator {
  // An old spelling.
  if (name === 'neq') return 'ne'
  if (!known.has(name)) throw dataverseError('QueryBuilderInvalidConditionOperator', { operator: name })
  return name as Operator
}

function valuesOf(element: XmlElement, operator: Operator): readonly string[] {
  const value = element.attributes.get('value')
  if (element.children.length === 0) {
    if (value === undefined) return []
    return lists.includes(operator) ? value.split(',').map((part) => part.trim()) : [value]
  }
  if (value !== undefined) throw malformed(element, 'A condition has its values in one place: `value` or <value>.')
  return element.children.map((child) => {
    if (child.name !== 'value' || child.children.length > 0) throw errorAt(child, 'QueryBuilderDeserializeInvalidNode')
    checkAttributes(child, ['uitype', 'uiname'])
    return child.text
  })
}
