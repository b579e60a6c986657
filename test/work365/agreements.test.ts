import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Account,
  Agreement,
  AgreementTemplate,
  BillingContract,
  Contact,
  Provider,
  ProviderAccount,
  providerConnector,
} from '../../src/entities/index.ts'
import {
  agreementStatus,
  agreementsOfContract,
  callCustomApi,
  createAgreements,
  createAgreementsApi,
  defineStep,
  onboardAgreementApi,
  work365CustomApis,
  work365Steps,
} from '../../src/plugins/index.ts'
import { agreementCapabilities, agreementCapabilityOf, type SettingName, settings } from '../../src/rules/index.ts'
import { type OrganizationService, type Row, reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, type EnvironmentOptions } from './environment.ts'

/** The environment of a portal order, with a contact, and templates to make agreements from. */
async function environmentWith(options: EnvironmentOptions = {}) {
  const environment = await createEnvironment(options)
  const { dataverse, account, provider } = environment
  const contact = await dataverse.create(Contact, {
    firstname: 'Ada',
    lastname: 'Jensen',
    parentcustomerid: reference(Account, account),
  })
  return {
    ...environment,
    contact,
    set: (name: SettingName, value: string) => environment.configure(value, settings[name].key),
    addTemplate: (name = 'Customer Agreement', changes: Row = {}) =>
      dataverse.create(AgreementTemplate.logicalName, {
        work365_agreementtemplate_name: name,
        work365_agreementtemplate_provider: reference(Provider, provider),
        ...changes,
      }),
    addAgreement: (template: string, changes: Row = {}) =>
      dataverse.create(Agreement.logicalName, {
        work365_agreement_account: reference(Account, account),
        work365_agreement_agreementtemplate: reference(AgreementTemplate, template),
        ...changes,
      }),
    accept: (agreement: string, changes: Row = {}) =>
      dataverse.update(Agreement.logicalName, agreement, {
        statuscode: agreementStatus.active,
        work365_agreement_signedby: reference(Contact, contact),
        ...changes,
      }),
    agreement: (id: string) => dataverse.retrieve(Agreement, id),
  }
}

const inactive = { statecode: 1, statuscode: 2 }

describe(rule('G1'), () => {
  test('without a template, or a customer, it is refused, with the column and the way out', async () => {
    const { dataverse, account, addTemplate } = await environmentWith()
    await expect(
      dataverse.create(Agreement.logicalName, { work365_agreement_account: reference(Account, account) }),
    ).rejects.toMatchObject({
      name: 'IsvAborted',
      message: expect.stringMatching(
        /needs a template: choose one in Agreement Template \(work365_agreement_agreementtemplate\)/,
      ),
    })
    const template = reference(AgreementTemplate, await addTemplate())
    await expect(
      dataverse.create(Agreement.logicalName, { work365_agreement_agreementtemplate: template }),
    ).rejects.toMatchObject({ message: expect.stringContaining('(work365_agreement_account)') })
    expect(await dataverse.list(Agreement)).toEqual([])
  })

  test.each(['Automatic', 'Manual', 'Do Nothing', 'Linked Subscription', 'Rest'] as const)(
    'a template of a provider of the type %s will do; name and provider come from it',
    async (type) => {
      const { provider, addTemplate, addAgreement, agreement } = await environmentWith({ type })
      expect(await agreement(await addAgreement(await addTemplate()))).toMatchObject({
        work365_agreement_name: 'Customer Agreement: Fabrikam',
        work365_agreement_provider: { id: provider },
        statuscode: agreementStatus.pending,
        work365_agreement_signedon: null,
      })
    },
  )

  test('name and provider that are given stay', async () => {
    const { dataverse, addTemplate, addAgreement, agreement } = await environmentWith()
    const other = await dataverse.create(Provider, { work365_provider_name: 'Other' })
    const id = await addAgreement(await addTemplate(), {
      work365_agreement_name: 'Ours',
      work365_agreement_provider: reference(Provider, other),
    })
    expect(await agreement(id)).toMatchObject({
      work365_agreement_name: 'Ours',
      work365_agreement_provider: { id: other },
    })
  })

  test('the template cannot be taken away', async () => {
    const { dataverse, addTemplate, addAgreement } = await environmentWith()
    const id = await addAgreement(await addTemplate())
    await expect(
      dataverse.update(Agreement.logicalName, id, { work365_agreement_agreementtemplate: null }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('needs a template'),
    })
  })

  test('a second agreement of the template is refused, also when another one is turned into it', async () => {
    const { dataverse, addTemplate, addAgreement } = await environmentWith()
    const [first, second] = [await addTemplate('First'), await addTemplate('Second')]
    await addAgreement(first)
    const other = await addAgreement(second)
    const message = expect.stringMatching(/has an agreement of template 'First' already: 'First: Fabrikam'/)
    await expect(addAgreement(first)).rejects.toMatchObject({ message })
    await expect(
      dataverse.update(Agreement, other, { work365_agreement_agreementtemplate: reference(AgreementTemplate, first) }),
    ).rejects.toMatchObject({ message })
    await dataverse.update(Agreement, other, {
      work365_agreement_agreementtemplate: reference(AgreementTemplate, second),
    })
    expect(await dataverse.list(Agreement)).toHaveLength(2)
  })
})

describe(rule('G2'), () => {
  const namesOf = async (service: OrganizationService & { list(table: typeof Agreement): Promise<Row[]> }) =>
    (await service.list(Agreement)).map((row) => row.work365_agreement_name)

  test('a provider account that is created or mapped gets one per active template, Pending', async () => {
    const { dataverse, addProviderAccount, addTemplate } = await environmentWith()
    await addTemplate('First')
    await addTemplate('Second')
    await addTemplate('Inactive', inactive)
    await addTemplate('Expired', { work365_agreementtemplate_expireson: '2026-03-01' })
    await addTemplate('Last day', { work365_agreementtemplate_expireson: '2026-03-02' })
    const northwind = await dataverse.create(Account, { name: 'Northwind' })
    const id = await addProviderAccount('northwind', { work365_provideraccount_account: null })
    expect(await namesOf(dataverse)).toEqual([])

    await dataverse.update(ProviderAccount, id, { work365_provideraccount_account: reference(Account, northwind) })
    expect(await namesOf(dataverse)).toEqual(['First: Northwind', 'Last day: Northwind', 'Second: Northwind'])
    await addProviderAccount('second of Fabrikam')
    await addProviderAccount('third of Fabrikam')
    expect(await namesOf(dataverse)).toEqual([
      ...['First: Northwind', 'Last day: Northwind', 'Second: Northwind'],
      ...['First: Fabrikam', 'Last day: Fabrikam', 'Second: Fabrikam'],
    ])
    expect(new Set((await dataverse.list(Agreement)).map(({ statuscode }) => statuscode))).toEqual(
      new Set([agreementStatus.pending]),
    )
  })

  test('nothing for a provider that is not automatic, nor for an inactive provider account', async () => {
    const manual = await environmentWith({ type: 'Manual' })
    await manual.addTemplate()
    await manual.addProviderAccount('another')
    expect(await namesOf(manual.dataverse)).toEqual([])

    const automatic = await environmentWith()
    await automatic.addTemplate()
    await automatic.dataverse.update(ProviderAccount, automatic.providerAccount, inactive as never)
    expect(await namesOf(automatic.dataverse)).toEqual([])
    await automatic.dataverse.update(ProviderAccount, automatic.providerAccount, { statecode: 0 })
    expect(await namesOf(automatic.dataverse)).toEqual(['Customer Agreement: Fabrikam'])
  })
})

describe(rule('G3'), () => {
  /** So many accounts with a provider account each. */
  async function manyAccounts(count: number) {
    const environment = await environmentWith({ type: 'Manual' })
    const { dataverse, provider } = environment
    const accounts = await dataverse.seed(
      Account,
      Array.from({ length: count }, (_, n) => ({ name: `Account ${n}` })),
    )
    await dataverse.seed(
      ProviderAccount,
      accounts.map((id, n) => ({
        work365_provideraccount_name: `Tenant ${n}`,
        work365_provideraccount_account: reference(Account, id),
        work365_provideraccount_provider: reference(Provider, provider),
      })),
    )
    return { ...environment, accounts, template: await environment.addTemplate() }
  }

  test('all in batches, with progress; again, it creates only what is missing', async () => {
    const { dataverse, template, accounts } = await manyAccounts(24)
    const progress: object[] = []
    const first = await createAgreements(dataverse, template, {
      batchSize: 10,
      onProgress: (now) => void progress.push(now),
    })
    expect(first).toEqual({ created: 25, skipped: [] })
    expect(progress).toEqual([
      { created: 10, skipped: 0 },
      { created: 20, skipped: 0 },
      { created: 25, skipped: 0 },
    ])
    const [one] = await dataverse.list(Agreement)
    expect(one).toMatchObject({
      work365_agreement_name: 'Customer Agreement: Fabrikam',
      statuscode: agreementStatus.pending,
    })

    await dataverse.delete(Agreement, one!.work365_agreementid)
    const again = await createAgreements(dataverse, template, { batchSize: 10 })
    expect(again.created).toBe(1)
    expect(again.skipped).toHaveLength(accounts.length)
    expect(again.skipped[0]).toEqual({
      id: expect.any(String),
      name: 'Tenant 0',
      reason: 'The account has this agreement already.',
    })
    expect(await dataverse.list(Agreement)).toHaveLength(25)
  })

  test('what is skipped has its reason', async () => {
    const { dataverse, accounts, addProviderAccount, providerAccount, template } = await manyAccounts(1)
    await dataverse.update(ProviderAccount, providerAccount, inactive as never)
    await dataverse.update(Account, accounts[0]!, { statecode: 1 })
    const northwind = reference(Account, await dataverse.create(Account, { name: 'Northwind' }))
    await addProviderAccount('first', { work365_provideraccount_account: northwind })
    await addProviderAccount('second', { work365_provideraccount_account: northwind })
    await addProviderAccount('unmapped', { work365_provideraccount_account: null })
    const { created, skipped } = await createAgreements(dataverse, template)
    expect(created).toBe(1)
    expect(skipped.map(({ name, reason }) => [name, reason])).toEqual([
      ['fabrikam.example', 'The provider account is inactive.'],
      ['Tenant 0', 'The account is inactive.'],
      ['second', 'The account has this agreement already.'],
      ['unmapped', 'The provider account is mapped to no account.'],
    ])
  })

  test('an agreement that was deactivated is not made again', async () => {
    const { dataverse, template, agreement } = await manyAccounts(0)
    await createAgreements(dataverse, template)
    const [one] = await dataverse.list(Agreement)
    await dataverse.update(Agreement, one!.work365_agreementid, { statecode: 1 })
    expect(await createAgreements(dataverse, template)).toMatchObject({ created: 0, skipped: [{}] })
    expect(await agreement(one!.work365_agreementid)).toMatchObject({ statuscode: agreementStatus.inactive })
  })

  test.each<[string, Row, RegExp]>([
    ['inactive', inactive, /it is inactive\. Activate it first \(statecode\)/],
    [
      'expired',
      { work365_agreementtemplate_expireson: '2026-03-01' },
      /it expired on 2026-03-01\. Change its Expires On \(work365_agreementtemplate_expireson\)/,
    ],
    [
      'without provider',
      { work365_agreementtemplate_provider: null },
      /it names no provider\. Choose one in Provider \(work365_agreementtemplate_provider\)/,
    ],
  ])('a template that is %s is refused', async (_, changes, message) => {
    const { dataverse, addTemplate } = await environmentWith()
    const template = await addTemplate('Odd', changes)
    await expect(createAgreements(dataverse, template)).rejects.toMatchObject({
      message: expect.stringMatching(message),
    })
    expect(await dataverse.list(Agreement)).toEqual([])
  })

  test.each([0, -1, 1001])('a batch size of %s is refused', async (BatchSize) => {
    const { dataverse, template } = await manyAccounts(0)
    await expect(callCustomApi(dataverse, createAgreementsApi, { BatchSize }, template)).rejects.toMatchObject({
      message: `BatchSize is ${BatchSize}, but must be 1 to 1000 (rule G3).`,
    })
  })

  test('a batch that fails leaves nothing behind, and earlier ones stay', async () => {
    let calls = 0
    const failing = defineStep({
      name: 'fail the 15th agreement',
      table: Agreement,
      message: 'Create',
      stage: 'postOperation',
      run() {
        if (++calls === 15) throw new Error('the 15th fails')
      },
    })
    const { dataverse, provider, addTemplate } = await environmentWith({
      type: 'Manual',
      steps: [...work365Steps, failing],
    })
    const accounts = await dataverse.seed(
      Account,
      Array.from({ length: 29 }, (_, n) => ({ name: `Account ${n}` })),
    )
    await dataverse.seed(
      ProviderAccount,
      accounts.map((id) => ({
        work365_provideraccount_account: reference(Account, id),
        work365_provideraccount_provider: reference(Provider, provider),
      })),
    )
    const template = await addTemplate()
    await expect(createAgreements(dataverse, template, { batchSize: 10 })).rejects.toThrow('ISV code')
    expect(await dataverse.list(Agreement)).toHaveLength(10)
    expect(await createAgreements(dataverse, template, { batchSize: 10 })).toMatchObject({ created: 20 })
    expect(await dataverse.list(Agreement)).toHaveLength(30)
  })

  test('however it is interrupted and resumed, each account ends with one agreement', async () => {
    const { dataverse: beginning, template } = await manyAccounts(12)
    const arbitrary = fc.array(
      fc.record({ batchSize: fc.integer({ min: 1, max: 15 }), batches: fc.integer({ min: 1, max: 4 }) }),
      { maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(arbitrary, async (runs) => {
        const dataverse = beginning.fork()
        for (const { batchSize, batches } of runs) {
          let left = batches
          const interrupted = createAgreements(dataverse, template, {
            batchSize,
            onProgress() {
              if (--left === 0) throw new Error('interrupted')
            },
          })
          await interrupted.catch(() => {})
        }
        await createAgreements(dataverse, template, { batchSize: 5 })
        const owners = (await dataverse.list(Agreement)).map(({ work365_agreement_account: owner }) => owner?.id)
        expect(owners).toHaveLength(13)
        expect(new Set(owners).size).toBe(13)
      }),
      { numRuns: 40 },
    )
  })
})

describe(rule('G4'), () => {
  const onboard = (
    { dataverse, account, contact }: Awaited<ReturnType<typeof environmentWith>>,
    template: string,
    ExecutedOn?: Date,
  ) =>
    callCustomApi(
      dataverse,
      onboardAgreementApi,
      {
        Template: reference(AgreementTemplate, template),
        SignedBy: reference(Contact, contact),
        ...(ExecutedOn ? { ExecutedOn } : {}),
      },
      account,
    )

  test('it is Active, signed on that day by that contact; a second time it is the same one', async () => {
    const environment = await environmentWith({ type: 'Manual' })
    const template = await environment.addTemplate()
    const answer = await onboard(environment, template, new Date('2026-02-10T12:00:00Z'))
    expect(answer).toEqual({ Status: 'Active', Record: { logicalName: 'work365_agreement', id: expect.any(String) } })
    expect(await environment.agreement(answer.Record.id)).toMatchObject({
      work365_agreement_name: 'Customer Agreement: Fabrikam',
      work365_agreement_signedon: '2026-02-10',
      work365_agreement_signedby: { id: environment.contact },
      statuscode: agreementStatus.active,
    })
    expect(await onboard(environment, template)).toEqual(answer)
  })

  test('an agreement that is Pending already becomes it; an inactive one is refused', async () => {
    const environment = await environmentWith({ type: 'Manual' })
    const template = await environment.addTemplate()
    const id = await environment.addAgreement(template)
    expect(await onboard(environment, template)).toMatchObject({ Status: 'Active', Record: { id } })
    expect(await environment.agreement(id)).toMatchObject({ work365_agreement_signedon: '2026-03-02' })

    await environment.dataverse.update(Agreement, id, { statecode: 1 })
    await expect(onboard(environment, template)).rejects.toMatchObject({
      message: expect.stringContaining('is inactive. Set it to Pending first'),
    })
  })

  test('a day that is not past is refused', async () => {
    const environment = await environmentWith({ type: 'Manual' })
    const template = await environment.addTemplate()
    await expect(onboard(environment, template, new Date('2026-03-03T00:00:00Z'))).rejects.toMatchObject({
      message: 'ExecutedOn is 2026-03-03, which is not past yet (rule G4).',
    })
  })

  test('at a direct provider a job is queued, and nothing is written here before the provider has it', async () => {
    const environment = await environmentWith()
    const { dataverse, provider, addTemplate, jobs } = environment
    await dataverse.update(Provider, provider, { work365_provider_connector: providerConnector['Microsoft CSP'] })
    const answer = await onboard(environment, await addTemplate())
    expect(answer).toMatchObject({ Status: 'Queued', Record: { logicalName: 'work365_job' } })
    expect(await jobs()).toMatchObject([
      { id: answer.Record.id, type: 'Create Agreement at Provider', status: 'Waiting' },
    ])
    expect(await dataverse.list(Agreement)).toEqual([])
  })

  test('at a direct provider without a provider account it is refused', async () => {
    const environment = await environmentWith({ type: 'Rest' })
    const { dataverse, providerAccount, addTemplate, jobs } = environment
    await dataverse.update(ProviderAccount, providerAccount, inactive as never)
    await expect(onboard(environment, await addTemplate())).rejects.toMatchObject({
      message: expect.stringMatching(
        /'Contoso Distribution' first, where the account has no active provider account\. Map one to it/,
      ),
    })
    expect(await jobs()).toEqual([])
  })
})

describe(rule('G5'), () => {
  test('without Signed By it is refused, created or updated, with the column and the rule', async () => {
    const { addTemplate, addAgreement, accept, agreement } = await environmentWith()
    const template = await addTemplate()
    const message = expect.stringMatching(/enter who in Signed By \(work365_agreement_signedby\).*rule G5/)
    await expect(addAgreement(template, { statuscode: agreementStatus.active })).rejects.toMatchObject({ message })
    const id = await addAgreement(template)
    await expect(accept(id, { work365_agreement_signedby: null })).rejects.toMatchObject({ message })
    expect(await agreement(id)).toMatchObject({ statuscode: agreementStatus.pending })

    await accept(id)
    await expect(accept(id, { work365_agreement_signedby: null })).rejects.toMatchObject({ message })
  })

  test('Signed On is today in the time zone of the settings, unless it is given', async () => {
    const { set, addTemplate, addAgreement, accept, agreement } = await environmentWith()
    await set('defaultTimeZone', 'Pacific/Kiritimati')
    const [today, given] = [await addAgreement(await addTemplate('A')), await addAgreement(await addTemplate('B'))]
    await accept(today)
    await accept(given, { work365_agreement_signedon: '2026-01-31' })
    expect(await agreement(today)).toMatchObject({
      work365_agreement_signedon: '2026-03-02',
      statuscode: agreementStatus.active,
    })
    expect(await agreement(given)).toMatchObject({ work365_agreement_signedon: '2026-01-31' })
  })

  test('who has signed may be said before', async () => {
    const { dataverse, contact, addTemplate, addAgreement, agreement } = await environmentWith()
    const id = await addAgreement(await addTemplate(), { work365_agreement_signedby: reference(Contact, contact) })
    await dataverse.update(Agreement, id, { statuscode: agreementStatus.active })
    expect(await agreement(id)).toMatchObject({ work365_agreement_signedon: '2026-03-02' })
  })
})

describe(rule('G6'), () => {
  test('an order fails until the customer accepts, and then goes on by itself', async () => {
    const { addTemplate, addAgreement, accept, order, setQuantity, changeLogs, runner, double } =
      await environmentWith()
    const template = await addTemplate()
    const subscription = await order()
    await setQuantity(subscription, 12)
    expect(await changeLogs(subscription)).toMatchObject([
      {
        status: 'Failed Provisioning',
        message: expect.stringMatching(
          /^'Fabrikam' has not accepted what provider 'Contoso Distribution' demands: 'Customer Agreement'\. Have the customer accept it/,
        ),
      },
      { status: 'Failed Provisioning' },
    ])
    const id = await addAgreement(template)
    await runner().runDue()
    expect(double.deliveries).toEqual([])

    await accept(id)
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Provisioned', message: null },
      { status: 'Provisioned', message: null },
    ])
    expect(double.writes.map(({ quantity }) => quantity)).toEqual([10, 12])
  })

  test('accepting one of two is not enough', async () => {
    const { addTemplate, addAgreement, accept, order, changeLogs } = await environmentWith()
    const [first, second] = [await addTemplate('First'), await addTemplate('Second')]
    const subscription = await order()
    await accept(await addAgreement(first))
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining("demands: 'Second'.") },
    ])
    await accept(await addAgreement(second))
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })

  test('what failed for another reason, or is of another customer, is left alone', async () => {
    const { dataverse, addTemplate, addAgreement, accept, addProviderAccount, order, changeLogs, save, changeLog } =
      await environmentWith()
    const northwind = reference(Account, await dataverse.create(Account, { name: 'Northwind' }))
    await addProviderAccount('northwind', { work365_provideraccount_account: northwind })
    const refusedByProvider = await order()
    await save((await changeLog(refusedByProvider)).id, 'Failed Provisioning')
    const template = await addTemplate()
    const ofAnother = await order({ work365_subscription_customer: northwind })
    await accept(await addAgreement(template))
    expect(await changeLogs(refusedByProvider)).toMatchObject([{ status: 'Failed Provisioning' }])
    expect(await changeLogs(ofAnother)).toMatchObject([{ status: 'Failed Provisioning' }])
  })

  test('a template that becomes active after the job was queued stops it too', async () => {
    const { addTemplate, addAgreement, accept, order, changeLogs, runner, double } = await environmentWith()
    const subscription = await order()
    const template = await addTemplate()
    await runner().runDue()
    expect(double.deliveries).toEqual([])
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('has not accepted') },
    ])
    await accept(await addAgreement(template))
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })

  test.each<[string, Row]>([
    ['inactive', inactive],
    ['expired', { work365_agreementtemplate_expireson: '2026-03-01' }],
    ['not in effect yet', { work365_agreementtemplate_effectivedate: '2026-03-03' }],
    ['of no provider', { work365_agreementtemplate_provider: null }],
  ])('a template that is %s is not demanded', async (_, changes) => {
    const { addTemplate, order, changeLogs } = await environmentWith()
    await addTemplate('Odd', changes)
    expect(await changeLogs(await order())).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })

  test.each(['2026-03-02', '2020-01-01'])('a template in effect since %s is demanded', async (day) => {
    const { addTemplate, order, changeLogs } = await environmentWith()
    const expiry = { work365_agreementtemplate_expireson: '2026-03-02' }
    await addTemplate('Current', { work365_agreementtemplate_effectivedate: day, ...expiry })
    expect(await changeLogs(await order())).toMatchObject([{ status: 'Failed Provisioning' }])
  })

  test('a manual provider demands nothing, nor does any while the setting is off', async () => {
    const manual = await environmentWith({ type: 'Manual' })
    await manual.addTemplate()
    expect(await manual.changeLogs(await manual.order())).toMatchObject([{ status: 'Awaiting Provisioning' }])

    const off = await environmentWith()
    await off.addTemplate()
    await off.set('requireAgreement', 'false')
    expect(await off.changeLogs(await off.order())).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })

  test('the acceptance queues one job that confirms it, and saving it again none', async () => {
    const { addTemplate, addAgreement, accept, jobs } = await environmentWith()
    const id = await addAgreement(await addTemplate())
    await accept(id)
    await accept(id)
    expect(await jobs()).toMatchObject([
      { type: 'Confirm Customer Acceptance of Provider Agreement', regarding: id, status: 'Waiting' },
    ])
  })
})

describe(rule('G7'), () => {
  async function withCheck(connector: keyof typeof providerConnector) {
    const environment = await environmentWith()
    const { dataverse, provider, set, addTemplate, addAgreement } = environment
    await dataverse.update(Provider, provider, { work365_provider_connector: providerConnector[connector] })
    await set('attestationCheck', 'true')
    return { ...environment, id: await addAgreement(await addTemplate()) }
  }

  test('it stays Pending, signed, with one job that looks and one that confirms; provisioning waits for it', async () => {
    const { id, accept, agreement, contact, jobs, order, changeLogs } = await withCheck('Microsoft CSP')
    await accept(id)
    await accept(id)
    expect(await agreement(id)).toMatchObject({
      statuscode: agreementStatus.pending,
      work365_agreement_signedby: { id: contact },
      work365_agreement_signedon: '2026-03-02',
    })
    expect((await jobs()).map(({ type, regarding }) => [type, regarding])).toEqual([
      ['Confirm Customer Acceptance of Provider Agreement', id],
      ['Sync Agreements', id],
    ])
    expect(await changeLogs(await order())).toMatchObject([{ status: 'Failed Provisioning' }])
  })

  test('seen at the provider, also by a person who says so, it is Active and lets go on what waited', async () => {
    const { dataverse, id, accept, agreement, order, changeLogs } = await withCheck('Microsoft CSP')
    await accept(id)
    const subscription = await order()
    await dataverse.update(Agreement, id, {
      statuscode: agreementStatus.active,
      work365_agreement_attestedon: dataverse.clock.now(),
    })
    expect(await agreement(id)).toMatchObject({ statuscode: agreementStatus.active })
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning', message: null }])
  })

  test('a provider that cannot be asked attests nothing: the acceptance counts at once', async () => {
    const { id, accept, agreement } = await withCheck('Pax8')
    await accept(id)
    expect(await agreement(id)).toMatchObject({ statuscode: agreementStatus.active })
  })
})

describe(rule('G8'), () => {
  test('Active becomes Inactive, and what is ordered then fails again', async () => {
    const { dataverse, addTemplate, addAgreement, accept, agreement, order, changeLogs } = await environmentWith()
    const id = await addAgreement(await addTemplate())
    await accept(id)
    await dataverse.update(Agreement, id, { statecode: 1 })
    expect(await agreement(id)).toMatchObject({ statecode: 1, statuscode: agreementStatus.inactive })
    expect(await changeLogs(await order())).toMatchObject([{ status: 'Failed Provisioning' }])
  })

  test('taken back it is Pending without its signature, and cannot be Active without a new one', async () => {
    const { dataverse, addTemplate, addAgreement, accept, agreement } = await environmentWith()
    const id = await addAgreement(await addTemplate())
    await accept(id)
    await dataverse.update(Agreement, id, { statecode: 1 })
    await expect(accept(id)).rejects.toMatchObject({ message: expect.stringContaining('status') })
    await dataverse.update(Agreement, id, { statecode: 0 })
    expect(await agreement(id)).toMatchObject({
      statuscode: agreementStatus.pending,
      work365_agreement_signedby: null,
      work365_agreement_signedon: null,
    })
    await expect(dataverse.update(Agreement, id, { statuscode: agreementStatus.active })).rejects.toThrow('Signed By')
    await accept(id)
    expect(await agreement(id)).toMatchObject({ statuscode: agreementStatus.active })
  })

  test('an Active one does not go back to Pending', async () => {
    const { dataverse, addTemplate, addAgreement, accept } = await environmentWith()
    const id = await addAgreement(await addTemplate())
    await accept(id)
    await expect(dataverse.update(Agreement, id, { statuscode: agreementStatus.pending })).rejects.toThrow()
  })
})

test(rule('G9'), async () => {
  const { dataverse, contract, addTemplate, addAgreement } = await environmentWith()
  const [first, second] = [await addTemplate('First'), await addTemplate('Second')]
  const tag = { work365_agreement_billingcontract: reference(BillingContract, contract) }
  const one = await addAgreement(first, tag)
  const other = await addAgreement(second)
  await dataverse.update(Agreement, other, tag)
  expect((await agreementsOfContract(dataverse, contract)).map(({ work365_agreementid: id }) => id)).toEqual([
    one,
    other,
  ])

  const foreign = await dataverse.create(BillingContract, {
    work365_billingcontract_name: 'Northwind monthly',
    work365_billingcontract_customer: reference(Account, await dataverse.create(Account, { name: 'Northwind' })),
    work365_billingcontract_startdate: '2026-01-01',
  })
  await expect(
    dataverse.update(Agreement, other, { work365_agreement_billingcontract: reference(BillingContract, foreign) }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/'Northwind monthly' belongs to 'Northwind', not to the customer of the agreement/),
  })
  await dataverse.update(Agreement, other, { work365_agreement_billingcontract: null })
  expect(await agreementsOfContract(dataverse, contract)).toHaveLength(1)
})

test(rule('G10'), () => {
  const syncing = Object.entries(agreementCapabilities).flatMap(([name, { syncs }]) => (syncs ? [name] : []))
  expect(syncing).toEqual(['Microsoft CSP', 'StreamOne Ion', 'Crayon', 'Rest'])
  expect(Object.keys(agreementCapabilities).sort()).toEqual(Object.keys(providerConnector).sort())
  expect(agreementCapabilityOf({ type: 'Manual', connector: 'Microsoft CSP' }).syncs).toBe(false)
  expect(agreementCapabilityOf({ type: 'Automatic', connector: undefined }).syncs).toBe(false)
  expect(agreementCapabilityOf({ type: 'Rest', connector: undefined }).syncs).toBe(true)
})

describe('whatever is done, in whatever order', () => {
  type Action =
    | { readonly kind: 'map'; readonly at: number; readonly account: number | null }
    | { readonly kind: 'template'; readonly at: number; readonly active: boolean }
    | { readonly kind: 'bulk'; readonly at: number }
    | { readonly kind: 'byHand'; readonly at: number; readonly account: number }
    | { readonly kind: 'status'; readonly at: number; readonly change: Row }

  const index = fc.nat({ max: 2 })
  const status = fc.constantFrom<Row>(
    { statuscode: agreementStatus.active },
    { statuscode: agreementStatus.pending },
    { statecode: 0 },
    { statecode: 1 },
  )
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({ kind: fc.constant('map' as const), at: index, account: fc.option(index) }),
    fc.record({ kind: fc.constant('template' as const), at: index, active: fc.boolean() }),
    fc.record({ kind: fc.constant('bulk' as const), at: index }),
    fc.record({ kind: fc.constant('byHand' as const), at: index, account: index }),
    fc.record({ kind: fc.constant('status' as const), at: fc.nat({ max: 8 }), change: status }),
  )

  test('no account has two agreements of a template, and Active ones are signed', async () => {
    const { dataverse: beginning, contact, addTemplate, addProviderAccount } = await environmentWith()
    const templates = [await addTemplate('1', inactive), await addTemplate('2', inactive), await addTemplate('3')]
    const accounts = await beginning.seed(Account, [{ name: 'A' }, { name: 'B' }, { name: 'C' }])
    const unmapped = { work365_provideraccount_account: null }
    const providerAccounts = [
      await addProviderAccount('a', unmapped),
      await addProviderAccount('b', unmapped),
      await addProviderAccount('c', unmapped),
    ]

    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const dataverse = beginning.fork()
        for (const one of actions) {
          await perform(dataverse, one).catch((error: Error) => expect(error.name).not.toBe('IsvUnExpected'))
        }
        const rows = await dataverse.list(Agreement)
        const pairs = rows.map(
          (row) => `${row.work365_agreement_agreementtemplate?.id} ${row.work365_agreement_account?.id}`,
        )
        expect(new Set(pairs).size).toBe(pairs.length)
        for (const row of rows) {
          if (row.statuscode !== agreementStatus.active) continue
          expect(row.work365_agreement_signedby).not.toBeNull()
          expect(row.work365_agreement_signedon).not.toBeNull()
        }
      }),
      { numRuns: 60 },
    )

    async function perform(dataverse: typeof beginning, one: Action): Promise<void> {
      switch (one.kind) {
        case 'map':
          return dataverse.update(ProviderAccount, providerAccounts[one.at]!, {
            work365_provideraccount_account: one.account === null ? null : reference(Account, accounts[one.account]!),
          })
        case 'template':
          return dataverse.update(AgreementTemplate, templates[one.at]!, { statecode: one.active ? 0 : 1 })
        case 'bulk':
          return void (await createAgreements(dataverse, templates[one.at]!, { batchSize: 2 }))
        case 'byHand':
          return void (await dataverse.create(Agreement, {
            work365_agreement_account: reference(Account, accounts[one.account]!),
            work365_agreement_agreementtemplate: reference(AgreementTemplate, templates[one.at]!),
          }))
        case 'status': {
          const rows = await dataverse.list(Agreement)
          const row = rows[one.at % Math.max(rows.length, 1)]
          if (!row) return
          const signature = { work365_agreement_signedby: reference(Contact, contact) }
          return dataverse.update(Agreement.logicalName, row.work365_agreementid, {
            ...one.change,
            ...(one.at % 2 === 0 ? signature : {}),
          })
        }
      }
    }
  })
})

test('the steps and custom APIs name the rules that they carry out', () => {
  const named = new Set([...work365Steps, ...work365CustomApis].flatMap(({ rules }) => rules))
  for (const id of ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G7', 'G8', 'G9', 'A8']) expect(named).toContain(id)
})
