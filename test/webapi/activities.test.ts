import { beforeEach, expect, test } from 'vitest'
import { ActivityParty, Contact, Email, standardTables } from '../../src/entities/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { annotated, type Client, clientOf, nowhere } from './ask.ts'

let dataverse: Emulator
let client: Client
let contact: string
let account: string
beforeEach(async () => {
  dataverse = createEmulator({ tables: standardTables })
  client = clientOf({ service: dataverse, tables: dataverse.tables })
  contact = await dataverse.create(Contact, { firstname: 'Kim', lastname: 'Abel' })
  account = await dataverse.create('account', { name: 'Fabrikam' })
})

const email = () =>
  client.post(
    '/emails',
    {
      subject: 'Hello',
      'regardingobjectid_account_email@odata.bind': `accounts(${account})`,
      email_activity_parties: [
        { 'partyid_systemuser@odata.bind': `systemusers(${dataverse.organization.userId})`, participationtypemask: 1 },
        { 'partyid_contact@odata.bind': `contacts(${contact})`, participationtypemask: 2 },
      ],
    },
    { Prefer: 'return=representation' },
  )

test('an activity is created with its parties, and tells what it is about by its own property', async () => {
  const { status, body } = await email()

  expect(status, JSON.stringify(body)).toBe(201)
  const path = `/emails(${body.activityid})?$select=subject,_regardingobjectid_value`
  const expand =
    '&$expand=email_activity_parties($select=participationtypemask,_partyid_value),regardingobjectid_account_email($select=name)'
  const read = await client.get(path + expand, annotated)
  expect(read.body).toMatchObject({
    _regardingobjectid_value: account,
    '_regardingobjectid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'regardingobjectid_account_email',
    regardingobjectid_account_email: { name: 'Fabrikam' },
  })
  expect(read.body.email_activity_parties).toContainEqual(
    expect.objectContaining({
      participationtypemask: 2,
      _partyid_value: contact,
      '_partyid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'partyid_contact',
    }),
  )
  expect((await client.get(`/accounts(${account})/Account_Emails?$select=subject`)).body.value).toMatchObject([
    { subject: 'Hello' },
  ])
})

test('the parties of an activity are replaced as a whole, or not at all', async () => {
  const { body } = await email()
  const path = `/emails(${body.activityid})/email_activity_parties`
  const parties = async () =>
    (await dataverse.list(ActivityParty)).filter(({ activityid }) => activityid?.logicalName === 'email')

  const value = [{ 'partyid_account@odata.bind': `accounts(${account})`, participationtypemask: 2 }]
  expect((await client.put(path, { value })).status).toBe(204)
  expect((await parties()).map(({ partyid }) => partyid?.id)).toEqual([account])

  const missing = [{ participationtypemask: 1 }, { 'partyid_contact@odata.bind': `contacts(${nowhere})` }]
  expect((await client.put(path, { value: missing })).status).toBe(404)
  expect((await parties()).map(({ partyid }) => partyid?.id)).toEqual([account])
  expect((await client.put(path, { wrong: [] })).status).toBe(400)
  expect((await client.put(path, { value: [null, 'x'] })).status).toBe(400)
  expect((await client.put(`/accounts(${account})/contact_customer_accounts`, { value: [] })).status).toBe(405)
  expect(await dataverse.list(Email)).toHaveLength(1)
})
