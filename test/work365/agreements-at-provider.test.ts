import { describe, expect, test } from 'vitest'
import {
  Account,
  Agreement,
  AgreementTemplate,
  Contact,
  channel,
  Job,
  jobType,
  Provider,
  ProviderAccount,
  providerConnector,
  providerType,
  Subscription,
} from '../../src/entities/index.ts'
import { agreementStatus, callCustomApi, onboardAgreementApi } from '../../src/plugins/index.ts'
import { reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createProviderEnvironment, TEMPLATE_ID } from './provider-environment.ts'

const DAY_MS = 24 * 60 * 60_000

/** Fabrikam, a customer of the provider, with its contact, its provider account and a Pending agreement. */
async function withAgreement(options: Parameters<typeof createProviderEnvironment>[0] = {}) {
  const environment = await createProviderEnvironment({
    ...options,
    provider: { customers: [{ id: 'tenant-1', name: 'Fabrikam' }], ...options.provider },
  })
  const { dataverse, addAccount, addContact, addTemplate, addProviderAccount, agreements } = environment
  const account = await addAccount('Fabrikam')
  const contact = await addContact(account, 'ada@fabrikam.example')
  const template = await addTemplate()
  const providerAccount = await addProviderAccount('tenant-1', account)
  const [agreement] = await agreements()
  return {
    ...environment,
    account,
    contact,
    template,
    providerAccount,
    agreement: agreement!.id,
    accept: () =>
      dataverse.update(Agreement, agreement!.id, {
        statuscode: agreementStatus.active,
        work365_agreement_signedby: reference(Contact, contact),
      }),
    onboard: (ExecutedOn = new Date('2026-02-10T00:00:00Z')) =>
      callCustomApi(
        dataverse,
        onboardAgreementApi,
        {
          Template: reference(AgreementTemplate, template),
          SignedBy: reference(Contact, contact),
          ExecutedOn,
        },
        account,
      ),
  }
}

/** What the provider has on file, without ids and times. */
const signatures = ({ simulator }: Pick<Awaited<ReturnType<typeof withAgreement>>, 'simulator'>) =>
  simulator.state.agreements.map(({ customer, templateId, signedBy, signedOn }) => [
    customer?.id,
    templateId,
    signedBy?.email,
    signedOn,
  ])

describe(rule('G2'), () => {
  test('a sync makes them for new customers and for those mapped before the template became active', async () => {
    const { dataverse, addAccount, addContact, addTemplate, addProviderAccount, set, sync, agreements } =
      await createProviderEnvironment({
        provider: { customers: [{ id: 'tenant-1', name: 'Fabrikam', domain: 'fabrikam.example' }] },
      })
    await set('providerAccountMatch', 'true')
    await addContact(await addAccount('Fabrikam'), 'ada@fabrikam.example')
    await addProviderAccount('mapped before', await addAccount('Northwind'))
    const template = await addTemplate('Customer Agreement', { statecode: 1, statuscode: 2 })
    await addTemplate('Expired', { work365_agreementtemplate_expireson: '2026-03-01' })
    await sync()
    expect(await agreements()).toEqual([])

    await dataverse.update(AgreementTemplate, template, { statecode: 0 })
    expect((await sync()).results).toContain('2 missing agreements created')
    const made = await agreements()
    expect(made).toMatchObject([
      { name: 'Customer Agreement: Fabrikam', provider: 'Contoso Distribution', status: 'Pending', signedOn: null },
      { name: 'Customer Agreement: Northwind', status: 'Pending' },
    ])
    await sync()
    expect(await agreements()).toEqual(made)
  })
})

describe(rule('G4'), () => {
  test('it is signed at the provider first, and then here, as the provider shows it', async () => {
    const environment = await withAgreement()
    const { onboard, runner, jobs, agreements, agreement, contact } = environment
    expect(await onboard()).toMatchObject({ Status: 'Queued' })
    expect(await agreements()).toMatchObject([{ id: agreement, status: 'Pending' }])

    await runner().runDue()
    expect(signatures(environment)).toEqual([
      ['tenant-1', TEMPLATE_ID, 'ada@fabrikam.example', '2026-02-10T00:00:00.000Z'],
    ])
    expect(await jobs()).toMatchObject([
      { type: 'Create Agreement at Provider', status: 'Succeeded', results: 'Signed at the provider for tenant-1.' },
    ])
    expect(await agreements()).toMatchObject([
      { id: agreement, status: 'Active', signedBy: contact, signedOn: '2026-02-10', attestedOn: expect.any(Date) },
    ])
  })

  test('where there is no agreement yet, it is created by that', async () => {
    const environment = await withAgreement()
    await environment.dataverse.delete(Agreement, environment.agreement)
    await environment.onboard()
    await environment.runner().runDue()
    expect(await environment.agreements()).toMatchObject([
      { name: 'Customer Agreement: Fabrikam', status: 'Active', signedOn: '2026-02-10' },
    ])
  })

  test('what the provider refuses is not created here, and the job says why', async () => {
    const environment = await withAgreement()
    environment.simulator.fail({ method: 'POST', path: '/agreements', status: 400, body: 'Unknown template' })
    await environment.onboard()
    await environment.runner().runDue()
    expect(await environment.jobs()).toMatchObject([{ status: 'Failed' }])
    expect(await environment.agreements()).toMatchObject([{ status: 'Pending', signedOn: null }])
  })

  test.each([{}, { ignoresKeys: true }])('an answer that gets lost signs nothing twice (%o)', async (quirks) => {
    const environment = await withAgreement({ quirks })
    const { simulator, onboard, runner, dataverse, jobs } = environment
    simulator.fail({ method: 'POST', path: '/agreements', drop: 'answer' })
    await onboard()
    await runner().runDue()
    expect(await jobs()).toMatchObject([{ status: 'Retry' }])
    await dataverse.clock.advance(60_000)
    await runner().runDue()
    expect(await jobs()).toMatchObject([{ status: 'Succeeded' }])
    expect(signatures(environment)).toHaveLength(1)
  })

  test('a template without an id at the provider fails the job, with the column', async () => {
    const { dataverse, template, onboard, runner, jobs } = await withAgreement()
    await dataverse.update(AgreementTemplate, template, { work365_agreementtemplate_templateid: null })
    await onboard()
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      { status: 'Failed', results: expect.stringContaining('Enter it in Template Id') },
    ])
  })

  test('a job whose parameters were tampered with says so', async () => {
    const { dataverse, provider, runner, jobs } = await withAgreement()
    await dataverse.create(Job, {
      work365_job_jobtype: jobType['Create Agreement at Provider'],
      work365_job_provider: reference(Provider, provider),
      work365_job_parameters: '{"template": 1}',
    })
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      { status: 'Failed', results: expect.stringContaining('does not say which agreement to create') },
    ])
  })
})

describe(rule('G6'), () => {
  test('an acceptance is confirmed at the provider, and the partner gets a mail', async () => {
    const environment = await withAgreement()
    const { accept, runner, mails, jobs } = environment
    await accept()
    await runner().runDue()
    expect(signatures(environment)).toEqual([
      ['tenant-1', TEMPLATE_ID, 'ada@fabrikam.example', '2026-03-02T00:00:00.000Z'],
    ])
    expect(await jobs()).toMatchObject([
      {
        status: 'Succeeded',
        results: 'Confirmed at the provider for tenant-1. Mail sent to partner@contoso.example.',
      },
    ])
    expect(mails).toMatchObject([
      { to: 'partner@contoso.example', subject: 'Accepted by the customer: Customer Agreement: Fabrikam' },
    ])
    expect(mails[0]!.text.split('\n')).toEqual(
      expect.arrayContaining(['Customer: Fabrikam', 'Provider: Contoso Distribution', 'Signed on: 2026-03-02']),
    )
  })

  test('the setting says who gets it; nobody to tell and nothing to confirm is Not Applicable', async () => {
    const { dataverse, provider, set, accept, runner, mails, jobs } = await withAgreement()
    await dataverse.update(Provider, provider, {
      work365_provider_type: providerType.Manual,
      work365_provider_manualprovideremail: null,
    })
    await accept()
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      { status: 'Not Applicable', results: expect.stringContaining('Work365.Agreements.NotifyAcceptance') },
    ])

    await set('notifyAcceptance', 'sales@partner.example')
    await dataverse.create(Job, {
      work365_job_jobtype: jobType['Confirm Customer Acceptance of Provider Agreement'],
      work365_job_regarding: reference(Agreement, (await dataverse.list(Agreement))[0]!.work365_agreementid),
    })
    await runner().runDue()
    expect(mails).toMatchObject([{ to: 'sales@partner.example' }])
  })

  test('a provider that takes no confirmations is not asked to, and the partner gets the mail', async () => {
    const environment = await withAgreement({
      provider: { properties: { supportsAgreementConfirmation: false } },
    })
    await environment.accept()
    await environment.runner().runDue()
    expect(signatures(environment)).toEqual([])
    expect(await environment.jobs()).toMatchObject([
      { status: 'Succeeded', results: 'Mail sent to partner@contoso.example.' },
    ])
  })

  test('of an agreement that nobody has accepted there is nothing to confirm', async () => {
    const environment = await withAgreement()
    const { dataverse, agreement, runner, jobs, mails } = environment
    await dataverse.create(Job, {
      work365_job_jobtype: jobType['Confirm Customer Acceptance of Provider Agreement'],
      work365_job_regarding: reference(Agreement, agreement),
    })
    await runner().runDue()
    expect(await jobs()).toMatchObject([{ status: 'Not Applicable', results: 'The agreement is not accepted.' }])
    expect([...mails, ...signatures(environment)]).toEqual([])
  })

  test('an order that came too early reaches the provider once the customer has accepted', async () => {
    const environment = await withAgreement()
    const { dataverse, account, provider, providerAccount, accept, runner, simulator } = environment
    await dataverse.create(Subscription.logicalName, {
      work365_subscription_subscriptionname: 'Basic',
      work365_subscription_customer: reference(Account, account),
      work365_subscription_provider: reference(Provider, provider),
      work365_subscription_provideraccount: reference(ProviderAccount, providerAccount),
      work365_subscription_providerpartnumber: 'CFQ7TTC0LH31:001B',
      work365_subscription_channel: channel.System,
      work365_subscription_quantity: 3,
    })
    await runner().runDue()
    expect(simulator.state.purchases).toEqual([])
    await accept()
    await runner().runDue()
    expect(simulator.state.purchases).toMatchObject([{ kind: 'create', customerId: 'tenant-1', quantity: 3 }])
  })
})

describe(rule('G7'), () => {
  test('a job looks until the acceptance shows at the provider', async () => {
    const environment = await withAgreement()
    const { dataverse, set, accept, runner, agreements, jobs, simulator } = environment
    await set('attestationCheck', 'true')
    // The acceptance is confirmed by nobody, so that it shows only when the provider has it from elsewhere.
    simulator.fail({ method: 'POST', path: '/agreements', status: 400 })
    await accept()
    await runner().runDue()
    expect(await agreements()).toMatchObject([{ status: 'Pending', signedOn: '2026-03-02', attestedOn: null }])
    expect(await jobs()).toMatchObject([
      { type: 'Confirm Customer Acceptance of Provider Agreement', status: 'Failed' },
      { type: 'Sync Agreements', status: 'Retry', results: 'The acceptance does not show at the provider yet.' },
    ])

    await signElsewhere(environment)
    await dataverse.clock.advance(6 * 60 * 60_000)
    await runner().runDue()
    expect(await agreements()).toMatchObject([
      { status: 'Active', signedOn: '2026-03-02', attestedOn: expect.any(Date) },
    ])
    expect(await jobs()).toMatchObject([{}, { status: 'Succeeded' }])
  })

  test('after thirty days a person has to look', async () => {
    const { dataverse, set, accept, runner, jobs, simulator } = await withAgreement()
    await set('attestationCheck', 'true')
    simulator.fail({ method: 'POST', path: '/agreements', status: 400 })
    await accept()
    await runner().runDue()
    await dataverse.clock.advance(31 * DAY_MS)
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      {},
      { status: 'Failed', results: expect.stringContaining('Attested On (work365_agreement_attestedon)') },
    ])
  })
})

describe(rule('G10'), () => {
  test('what was signed at the provider becomes Active, by its contact if the account has it', async () => {
    const environment = await withAgreement()
    const { sync, agreements, contact, addAccount, addProviderAccount } = environment
    await addProviderAccount('tenant-2', await addAccount('Northwind'))
    await signElsewhere(environment)
    expect(await sync({ what: 'Sync Agreements' })).toMatchObject({
      status: 'Succeeded',
      results: '1 of 2 pending agreements are signed at the provider and Active now.',
    })
    expect(await agreements()).toMatchObject([
      {
        account: 'Fabrikam',
        status: 'Active',
        signedBy: contact,
        signedOn: '2026-02-20',
        attestedOn: expect.any(Date),
      },
      { account: 'Northwind', status: 'Pending', signedOn: null },
    ])
    expect((await sync({ what: 'Sync Agreements' })).results).toContain('0 of 1 pending')
  })

  test('what lies at the provider without a signature, or is of another template, does not count', async () => {
    const { sync, agreements } = await withAgreement({
      provider: {
        agreements: [
          { id: '1', customer: { id: 'tenant-1' }, templateId: TEMPLATE_ID, signedOn: '0001-01-01T00:00:00' },
          { id: '2', customer: { id: 'tenant-1' }, templateId: 'another', signedOn: '2026-02-20T00:00:00' },
        ],
      },
    })
    expect((await sync({ what: 'Sync Agreements' })).results).toContain('0 of 1 pending')
    expect(await agreements()).toMatchObject([{ status: 'Pending' }])
  })

  test('signed by somebody unknown here it is Active all the same', async () => {
    const environment = await withAgreement()
    await signElsewhere(environment, 'stranger@fabrikam.example')
    await environment.sync({ what: 'Sync Agreements' })
    expect(await environment.agreements()).toMatchObject([{ status: 'Active', signedBy: null }])
  })

  test('one whose template has no id stops no other, and is named', async () => {
    const environment = await withAgreement()
    const { addTemplate, addProviderAccount, account, sync, agreements } = environment
    await addTemplate('A template of ours', { work365_agreementtemplate_templateid: null })
    await addProviderAccount('tenant-1b', account)
    await signElsewhere(environment)
    expect(await sync({ what: 'Sync Agreements' })).toMatchObject({
      status: 'Failed',
      results: expect.stringMatching(/^1 of 2 .* Not synced: 'A template of ours: Fabrikam': .*Template Id/),
    })
    expect((await agreements()).map(({ status }) => status)).toEqual(['Pending', 'Active'])
  })

  test('with a provider whose connector cannot be asked nothing is done', async () => {
    const environment = await withAgreement()
    const { dataverse, provider, sync, agreements } = environment
    await dataverse.update(Provider, provider, {
      work365_provider_type: providerType.Automatic,
      work365_provider_connector: providerConnector.Pax8,
    })
    await signElsewhere(environment)
    expect(await sync({ what: 'Sync Agreements' })).toMatchObject({
      status: 'Not Applicable',
      results: 'Agreements are not synced with Contoso Distribution.',
    })
    expect(await agreements()).toMatchObject([{ status: 'Pending' }])
  })
})

/** Signs the agreement at the provider, past this environment. */
async function signElsewhere(
  { simulator }: Pick<Awaited<ReturnType<typeof withAgreement>>, 'simulator'>,
  email = 'ada@fabrikam.example',
): Promise<void> {
  const { status } = await simulator.fetch(
    new Request('http://provider.example/agreements', {
      method: 'POST',
      headers: { 'work-365-rest-provider-api-key': 'secret', 'content-type': 'application/json' },
      body: JSON.stringify({
        templateId: TEMPLATE_ID.toUpperCase(),
        customer: { id: 'tenant-1' },
        signedBy: { email },
        signedOn: '2026-02-20T12:00:00Z',
      }),
    }),
  )
  expect(status).toBe(200)
}
