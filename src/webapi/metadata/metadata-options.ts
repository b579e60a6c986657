import { badRequest } from '../refusals.ts'
import { splitOutside } from '../url/segments.ts'

/** What `$select`, `$filter` and `$expand` ask of metadata. */
export interface MetadataOptions {
  readonly select?: readonly string[] | undefined
  readonly filter?: string | undefined
  readonly expand: readonly MetadataExpand[]
}

export interface MetadataExpand extends MetadataOptions {
  readonly name: string
}

const MAX_DEPTH = 10

/** Reads the options of a query over metadata, which are fewer and simpler than those over rows. */
export function parseMetadataOptions(
  { select, filter, expand }: Readonly<Record<'select' | 'filter' | 'expand', string | undefined>>,
  depth = 0,
): MetadataOptions {
  if (depth > MAX_DEPTH) throw badRequest('$expand is nested too deeply.')
  return {
    select: select === undefined ? undefined : namesIn(select),
    filter,
    expand:
      expand === undefined
        ? []
        : splitOutside(expand, ',')
            .filter(isSomething)
            .map((item) => parseItem(item, depth)),
  }
}

function parseItem(text: string, depth: number): MetadataExpand {
  const [, name, options = ''] = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(text) ?? []
  if (name === undefined) throw badRequest(`'${text.trim()}' in $expand is not a navigation property.`)
  const given: Record<string, string> = {}
  for (const option of splitOutside(options, ';').filter(isSomething)) {
    const [, key, value] = /^\s*\$(select|filter|expand)=(.*)$/s.exec(option) ?? []
    if (key === undefined || value === undefined) {
      throw badRequest(`The option '${option.trim()}' in $expand is not supported over metadata.`)
    }
    given[key] = value
  }
  return {
    name,
    ...parseMetadataOptions({ select: given.select, filter: given.filter, expand: given.expand }, depth + 1),
  }
}

function namesIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(isSomething)
}

const isSomething = (text: string) => text.trim() !== ''
