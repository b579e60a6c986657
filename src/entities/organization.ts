import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** The environment itself: one row. */
export const Organization = defineTable({
  logicalName: 'organization',
  displayName: 'Organization',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Organization Name', maxLength: 160, standard: true }),
    basecurrencyid: column.lookup({
      label: 'Currency',
      to: ['transactioncurrency'],
      behavior: 'restrict',
      standard: true,
    }),
    fiscalcalendarstart: column.dateTime({ label: 'Fiscal Calendar Start', standard: true }),
    fiscalperiodtype: column.integer({
      label: 'Fiscal Period Type',
      min: 2000,
      max: 2004,
      standard: true,
      description:
        '2000: annually, 2001: semiannually, 2002: quarterly, 2003: monthly, 2004: in periods of four weeks.',
    }),
    weekstartdaycode: column.choice({
      label: 'Week Start Day Code',
      options: { Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 },
      standard: true,
    }),
    localeid: column.integer({ label: 'Locale', standard: true }),
    expirechangetrackingindays: column.integer({
      label: 'Days to Expire Change Tracking Deleted Records',
      min: 0,
      max: 365,
      default: 7,
      standard: true,
    }),
    ishierarchicalsecuritymodelenabled: column.boolean({
      label: 'Enable Hierarchical Security Model',
      standard: true,
    }),
    usepositionhierarchy: column.boolean({
      label: 'Use position hierarchy',
      standard: true,
      description: 'Hierarchy security goes by positions, not by managers.',
    }),
    maxdepthforhierarchicalsecuritymodel: column.integer({
      label: 'Maximum depth for hierarchy security propagation',
      min: 1,
      default: 3,
      standard: true,
    }),
    maxuploadfilesize: column.integer({ label: 'Max Upload File Size', min: 0, default: 5242880, standard: true }),
  },
})
