import { deepFreeze } from '../internal/freeze.ts'

interface View {
  readonly id: string
  readonly name: string
  readonly table: 'account' | 'contact'
  readonly columns: readonly string[]
  readonly mine?: true
}

const account = { table: 'account', columns: ['name', 'accountnumber', 'primarycontactid', 'telephone1'] } as const
const contact = { table: 'contact', columns: ['fullname', 'parentcustomerid', 'telephone1', 'emailaddress1'] } as const

/** The ids are those that these views have in every environment. */
const views: readonly View[] = [
  { id: '00000000-0000-0000-00aa-000010001001', name: 'My Active Accounts', ...account, mine: true },
  { id: '00000000-0000-0000-00aa-000010001002', name: 'Active Accounts', ...account },
  { id: '00000000-0000-0000-00aa-000010001003', name: 'My Active Contacts', ...contact, mine: true },
  { id: '00000000-0000-0000-00aa-000010001004', name: 'Active Contacts', ...contact },
]

/**
 * The views of accounts and contacts that every environment has, as rows of `savedquery`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-and-execute-predefined-queries
 * @example
 * const dataverse = createEmulator({ tables: standardTables, seed: { savedquery: standardViews } })
 */
export const standardViews = deepFreeze(
  views.map(({ id, name, table, columns, mine }) => ({
    savedqueryid: id,
    name,
    returnedtypecode: table,
    querytype: 0,
    isdefault: mine === true,
    fetchxml: [
      `<fetch><entity name="${table}"><attribute name="${table}id" />`,
      ...columns.map((column) => `<attribute name="${column}" />`),
      `<order attribute="${columns[0]}" />`,
      `<filter><condition attribute="statecode" operator="eq" value="0" />`,
      ...(mine ? ['<condition attribute="ownerid" operator="eq-userid" />'] : []),
      '</filter></entity></fetch>',
    ].join(''),
    layoutxml: [
      `<grid name="resultset" jump="${columns[0]}" select="1"><row name="result" id="${table}id">`,
      ...columns.map((column) => `<cell name="${column}" width="150" />`),
      '</row></grid>',
    ].join(''),
  })),
)
