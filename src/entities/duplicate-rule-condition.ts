import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What two rows have to be alike in: all conditions of a rule have to hold. */
export const DuplicateRuleCondition = defineTable({
  logicalName: 'duplicaterulecondition',
  displayName: 'Duplicate Rule Condition',
  primaryName: 'baseattributename',
  ownership: 'none',
  states: null,
  columns: {
    baseattributename: column.text({ label: 'Base Attribute', maxLength: 128, required: 'system', standard: true }),
    matchingattributename: column.text({
      label: 'Matching Attribute',
      maxLength: 128,
      required: 'system',
      standard: true,
    }),
    operatorcode: column.choice({
      label: 'Operator Code',
      required: 'system',
      options: {
        'Exact Match': 0,
        'Same First Characters': 1,
        'Same Last Characters': 2,
        'Same Date': 3,
        'Same Date and Time': 4,
        'Exact Match (Pick List Label)': 5,
        'Exact Match (Pick List Value)': 6,
      },
      standard: true,
    }),
    operatorparam: column.integer({ label: 'Operator Parameter', min: 1, standard: true }),
    ignoreblankvalues: column.boolean({ label: 'Ignore Blank Values', standard: true }),
    regardingobjectid: column.lookup({
      label: 'Regarding',
      to: ['duplicaterule'],
      required: 'system',
      behavior: 'parental',
      relationships: { duplicaterule: 'DuplicateRule_DuplicateRuleConditions' },
      standard: true,
    }),
  },
})
