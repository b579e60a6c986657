import { printTable } from '../internal/markdown.ts'
import type { Connector } from './connector.ts'
import type { Field, FieldMap } from './field.ts'
import type { Limits } from './limiter.ts'

/**
 * What a connector declares, as Markdown for its README or page: settings, credentials, changes, abilities and limits.
 *
 * @example await writeFile('README.md', printConnector(contoso))
 */
export function printConnector({ title, settings, credentials, changes, capabilities, limits }: Connector): string {
  return [
    `### ${title}`,
    printFields('Setting', settings),
    printFields('Credential', credentials),
    [
      `- Changes: ${codes(changes)}`,
      ...(capabilities.length > 0 ? [`- Abilities: ${codes(capabilities)}`] : []),
      ...(hasLimits(limits) ? [`- Limits: ${printLimits(limits)}`] : []),
    ].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')
}

function printFields(heading: string, fields: FieldMap): string {
  const rows = Object.entries(fields).map(([name, field]) => [
    `\`${name}\``,
    field.title,
    kindOf(field),
    field.optional ? 'no' : 'yes',
    field.help ?? '',
  ])
  return rows.length === 0 ? '' : printTable([[heading, 'Title', 'Value', 'Required', 'What it is'], ...rows])
}

function kindOf(field: Field): string {
  switch (field.type) {
    case 'text':
      return field.pattern === undefined ? 'text' : `text like \`${field.pattern}\``
    case 'url':
      return 'address'
    case 'choice':
      return field.of.map((choice) => `\`${choice}\``).join(', ')
    case 'boolean':
      return 'true or false'
    default:
      return field.type
  }
}

const hasLimits = (limits: Limits | undefined): limits is Limits =>
  limits?.requestsPerMinute !== undefined || limits?.concurrency !== undefined

function printLimits({ requestsPerMinute, concurrency, per = 'connection' }: Limits): string {
  const each = [
    requestsPerMinute === undefined ? [] : [`${requestsPerMinute} requests a minute`],
    concurrency === undefined ? [] : [`${concurrency} at a time`],
  ].flat()
  return `${each.join(', ')}, for each ${per}`
}

const codes = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')
