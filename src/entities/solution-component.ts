import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What solutions are made of, as Dataverse numbers it. */
export const componentType = {
  Entity: 1,
  Attribute: 2,
  Relationship: 3,
  'Option Set': 9,
  'Entity Relationship': 10,
  'Entity Key': 14,
  Role: 20,
  'Saved Query': 26,
  Workflow: 29,
  'System Form': 60,
  'Web Resource': 61,
  'Plugin Assembly': 91,
  'SDK Message Processing Step': 92,
} as const

/** That something is a part of a solution. */
export const SolutionComponent = defineTable({
  logicalName: 'solutioncomponent',
  displayName: 'Solution Component',
  primaryName: 'objectid',
  ownership: 'none',
  states: null,
  columns: {
    objectid: column.uniqueIdentifier({
      label: 'Regarding',
      required: 'system',
      standard: true,
      description: "The component's id; of a part of the schema its MetadataId.",
    }),
    componenttype: column.choice({
      label: 'Object Type Code',
      options: componentType,
      required: 'system',
      standard: true,
    }),
    solutionid: column.lookup({
      label: 'Solution',
      to: ['solution'],
      behavior: 'parental',
      relationships: { solution: 'solution_solutioncomponent' },
      required: 'system',
      standard: true,
    }),
    ismetadata: column.boolean({ label: 'Is this component metadata', standard: true }),
  },
})
