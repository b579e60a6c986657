import type { BooleanColumn, ChoiceColumn, States } from '../../entities/index.ts'
import { labelOf } from './label.ts'
import { metadataId } from './metadata-id.ts'

export type MetadataObject = Readonly<Record<string, unknown>>

/** The option set of a choice column, which belongs to the column alone. */
export function optionSetOf(
  name: string,
  { label, options, type }: Pick<ChoiceColumn, 'label' | 'options' | 'type'>,
  states: States | null,
): MetadataObject {
  const kinds = { state: 'State', status: 'Status', choice: 'Picklist', multiChoice: 'Picklist' } as const
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OptionSetMetadata',
    MetadataId: metadataId('optionset', name),
    Name: name,
    DisplayName: labelOf(label),
    Description: labelOf(undefined),
    IsCustomOptionSet: true,
    IsGlobal: false,
    IsManaged: false,
    OptionSetType: kinds[type],
    ParentOptionSetName: null,
    Options: Object.entries(options).map(([text, value]) => optionOf(text, value, type, states)),
  }
}

/** A state knows its default reason, and a status reason its state. */
function optionOf(text: string, value: number, type: ChoiceColumn['type'], states: States | null): MetadataObject {
  const option = {
    Value: value,
    Color: null,
    IsManaged: false,
    ExternalValue: null,
    ParentValues: [],
    Tag: null,
    IsHidden: false,
    MetadataId: null,
    HasChanged: null,
    Label: labelOf(text),
    Description: labelOf(undefined),
  }
  if (type === 'state') {
    const state = states?.[text]
    return {
      '@odata.type': '#Microsoft.Dynamics.CRM.StateOptionMetadata',
      ...option,
      DefaultStatus: state ? (Object.values(state.reasons)[0] ?? null) : null,
      InvariantName: text,
    }
  }
  if (type === 'status') {
    const state = Object.values(states ?? {}).find(({ reasons }) => Object.values(reasons).includes(value))
    return {
      '@odata.type': '#Microsoft.Dynamics.CRM.StatusOptionMetadata',
      ...option,
      State: state?.value ?? null,
      TransitionData: null,
    }
  }
  return option
}

export function booleanOptionSetOf(name: string, { label, trueLabel, falseLabel }: BooleanColumn): MetadataObject {
  const option = (text: string, value: number) => optionOf(text, value, 'choice', null)
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.BooleanOptionSetMetadata',
    MetadataId: metadataId('optionset', name),
    Name: name,
    DisplayName: labelOf(label),
    Description: labelOf(undefined),
    IsCustomOptionSet: true,
    IsGlobal: false,
    IsManaged: false,
    OptionSetType: 'Boolean',
    TrueOption: option(trueLabel, 1),
    FalseOption: option(falseLabel, 0),
  }
}
