/** The only language here: English (United States). */
const LANGUAGE = 1033

/** A text of the schema, in the languages that there are. */
export interface Label {
  readonly LocalizedLabels: readonly LocalizedLabel[]
  readonly UserLocalizedLabel: LocalizedLabel | null
}
interface LocalizedLabel {
  readonly Label: string
  readonly LanguageCode: number
  readonly IsManaged: boolean
  readonly MetadataId: null
  readonly HasChanged: null
}

export function labelOf(text: string | undefined): Label {
  if (text === undefined) return { LocalizedLabels: [], UserLocalizedLabel: null }
  const label = { Label: text, LanguageCode: LANGUAGE, IsManaged: false, MetadataId: null, HasChanged: null }
  return { LocalizedLabels: [label], UserLocalizedLabel: label }
}

/** The text of a label that a client sends. */
export function textOfLabel(label: unknown): string | undefined {
  if (typeof label !== 'object' || label === null) return undefined
  const { UserLocalizedLabel: own, LocalizedLabels: all } = label as Record<string, unknown>
  const candidates = [own, ...(Array.isArray(all) ? all : [])]
  for (const candidate of candidates) {
    const text =
      typeof candidate === 'object' && candidate !== null && 'Label' in candidate ? candidate.Label : undefined
    if (typeof text === 'string') return text
  }
  return undefined
}

/** A property of the schema that customisations of a managed solution could be kept from changing. */
export function managed(name: string, Value: boolean | string, CanBeChanged = true) {
  return { Value, CanBeChanged, ManagedPropertyLogicalName: name }
}
