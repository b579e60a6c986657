import { optionsIn } from '../../entities/import/column-from-attribute.ts'
import type { GlobalOptionSet } from '../../entities/index.ts'
import { dataverseError } from '../../service/index.ts'
import { textOfLabel } from './label.ts'
import { type MetadataObject, optionSetOf } from './option-set.ts'

/** A shared choice as metadata. */
export function globalOptionSetMetadata({ name, displayName, options }: GlobalOptionSet): MetadataObject {
  return { ...optionSetOf(name, { type: 'choice', label: displayName, options }, null), IsGlobal: true }
}

/** The shared choice that metadata describes. */
export function globalOptionSetFrom(body: MetadataObject): GlobalOptionSet {
  const { Name, DisplayName, Description, Options } = body
  if (typeof Name !== 'string' || Name === '' || !Array.isArray(Options)) {
    throw dataverseError('InvalidArgument', { reason: "A shared choice has a 'Name' and 'Options'." })
  }
  return {
    name: Name,
    displayName: textOfLabel(DisplayName) ?? Name,
    description: textOfLabel(Description),
    options: optionsIn(Options),
  }
}
