import { expect } from 'vitest'
import { Account, column, defineTable, standardTables } from '../../src/entities/index.ts'
import { defineStep, type Step } from '../../src/plugins/index.ts'
import { InvalidPluginExecution, reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { type Client, clientOf } from '../webapi/ask.ts'

export type { Answer, Client } from '../webapi/ask.ts'
export { annotated, BASE, FORMATTED, nowhere } from '../webapi/ask.ts'

export const colour = { Red: 1, Green: 2, Blue: 12 } as const

/** A table with what the standard ones lack: alternate keys, a hierarchy, files, every type of column. */
export const Thing = defineTable({
  logicalName: 'new_thing',
  displayName: 'Thing',
  primaryName: 'new_name',
  changeTracking: true,
  columns: {
    new_name: column.text({ label: 'Name', maxLength: 100 }),
    new_code: column.text({ label: 'Code' }),
    new_number: column.integer({ label: 'Number', min: 0, max: 1000 }),
    new_account: column.lookup({ label: 'Account', to: ['account'] }),
    new_parent: column.lookup({ label: 'Parent', to: ['new_thing'], hierarchical: true }),
    new_colours: column.multiChoice({ label: 'Colours', options: colour }),
    new_colour: column.choice({ label: 'Colour', options: colour }),
    new_story: column.memo({ label: 'Story' }),
    new_at: column.dateTime({ label: 'At' }),
    new_wall: column.dateTime({ label: 'Wall', behavior: 'timeZoneIndependent' }),
    new_day: column.dateOnly({ label: 'Day' }),
    new_price: column.money({ label: 'Price', precision: 2 }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'] }),
    new_share: column.decimal({ label: 'Share', precision: 3 }),
    new_ratio: column.float({ label: 'Ratio', precision: 2 }),
    new_large: column.bigint({ label: 'Large' }),
    new_flag: column.boolean({ label: 'Flag' }),
    new_language: column.integer({ label: 'Language' }),
    new_user: column.lookup({ label: 'User', to: ['systemuser'] }),
    new_unit: column.lookup({ label: 'Unit', to: ['businessunit'] }),
    new_ticket: column.autonumber({ label: 'Ticket', format: 'T-{SEQNUM:4}', readOnly: true }),
    new_file: column.file({ label: 'File', maxSizeInKb: 10_240 }),
  },
  keys: { new_codekey: ['new_code'], new_placekey: ['new_account', 'new_number'] },
  manyToMany: { new_thing_contact: { to: 'contact' } },
})

export const tables = [...standardTables, Thing]

/** Refuses accounts that are called so, with what the platform tells of a rejection. */
const refuse = defineStep({
  name: 'refuse forbidden accounts',
  table: Account,
  message: 'Create',
  stage: 'preOperation',
  run({ target, sharedVariables, trace }) {
    if (target.name === 'forbidden') {
      trace('looked at the name')
      const tag = sharedVariables.tag === undefined ? '' : ` (${sharedVariables.tag})`
      throw new InvalidPluginExecution(`The name is forbidden${tag}.`, {
        operationStatus: 'canceled',
        subErrorCode: 12345,
      })
    }
    if (target.name === 'broken') throw new Error('something broke')
  },
})

const id = (n: number) => `5a3b0000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

/** The rows of the sample: two companies, three people, what is to be done. */
export const sample = {
  contoso: id(1),
  fourth: id(2),
  adventure: id(3),
  yvonne: id(11),
  susie: id(12),
  nancy: id(13),
  plan: id(21),
  call: id(22),
  sale: id(31),
  lead: id(41),
  boss: id(51),
  worker: id(52),
  bossEntra: id(61),
  team: id(71),
} as const

/** Wednesday. */
export const NOW = '2026-03-18T14:30:00Z'

const account = (of: string) => reference('account', of)
const contact = (of: string) => reference('contact', of)

const seeded = createEmulator({
  tables,
  steps: [refuse],
  now: NOW,
  duplicateRules: [{ table: 'contact', columns: ['emailaddress1'] }],
  seed: {
    systemuser: [
      { systemuserid: sample.boss, fullname: 'Boss', azureactivedirectoryobjectid: sample.bossEntra },
      { systemuserid: sample.worker, fullname: 'Worker', parentsystemuserid: reference('systemuser', sample.boss) },
    ],
    team: [{ teamid: sample.team, name: 'Sales' }],
    contact: [
      {
        contactid: sample.yvonne,
        firstname: 'Yvonne',
        lastname: 'McKay',
        jobtitle: 'Buyer',
        annualincome: 45_000,
        emailaddress1: 'yvonne@contoso.example',
        parentcustomerid: account(sample.contoso),
      },
      { contactid: sample.susie, firstname: 'Susie', lastname: 'Curtis', parentcustomerid: account(sample.fourth) },
      {
        contactid: sample.nancy,
        firstname: 'Nancy',
        lastname: 'Anderson',
        jobtitle: 'Adviser',
        parentcustomerid: account(sample.contoso),
      },
    ],
    account: [
      {
        accountid: sample.contoso,
        name: 'Contoso',
        accountnumber: 'AC-1',
        revenue: 20_000,
        creditlimit: 30_000,
        numberofemployees: 1200,
        industrycode: 7,
        creditonhold: true,
        address1_line1: '1 Main Street',
        address1_city: 'Springfield',
        lastonholdtime: new Date('2023-04-07T21:59:01Z'),
        primarycontactid: contact(sample.yvonne),
      },
      {
        accountid: sample.fourth,
        name: 'Fourth Coffee',
        revenue: 10_000,
        creditlimit: 5000,
        industrycode: 4,
        primarycontactid: contact(sample.susie),
      },
      { accountid: sample.adventure, name: "Adventure 'Works'", parentaccountid: account(sample.contoso) },
    ],
    task: [
      { activityid: sample.plan, subject: 'Plan', regardingobjectid: account(sample.contoso), prioritycode: 2 },
      { activityid: sample.call, subject: 'Call', regardingobjectid: account(sample.contoso), prioritycode: 0 },
    ],
    opportunity: [
      { opportunityid: sample.sale, name: 'Sale', customerid: account(sample.contoso), estimatedvalue: 5000 },
    ],
  },
})

/** An environment with the sample in it, and a client of its Web API. */
export function environment(): { dataverse: Emulator; client: Client } {
  const dataverse = seeded.fork()
  return { dataverse, client: connect(dataverse) }
}

/** A client of an emulator's Web API. */
export function connect(dataverse: Emulator): Client {
  return clientOf({
    service: dataverse,
    tables: dataverse.tables,
    customApis: dataverse.customApis,
    serviceAs: dataverse.as,
    remaining: () => dataverse.remainingUsage(),
  })
}

/** An environment without rows, with steps of one's own. */
export function environmentWith(...steps: Step[]): { dataverse: Emulator; client: Client } {
  const dataverse = createEmulator({ tables, steps, now: NOW })
  return { dataverse, client: connect(dataverse) }
}

/** What of an error is the platform's contract. */
export const error = (status: number, code: string, message?: string | RegExp) => ({
  status,
  body: {
    error: {
      code,
      ...(message === undefined
        ? {}
        : { message: typeof message === 'string' ? message : expect.stringMatching(message) }),
    },
  },
})
