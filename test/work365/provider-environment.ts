import { onTestFinished } from 'vitest'
import { createRestProvider } from '../../src/connectors/index.ts'
import {
  Account,
  Agreement,
  AgreementTemplate,
  Configuration,
  Contact,
  labelOf,
  Provider,
  ProviderAccount,
  providerConnector,
  providerType,
  syncStatus,
  work365Tables,
} from '../../src/entities/index.ts'
import {
  type Connect,
  confirmAcceptance,
  createAgreementAtProvider,
  createJobRunner,
  type JobRunnerOptions,
  type Mail,
  notifyNewProviderAccount,
  syncAgreements,
  syncLicenseChangeLog,
  syncProviderAccounts,
} from '../../src/jobs/index.ts'
import { queueProviderSync, work365CustomApis, work365Steps } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { type SettingName, settings } from '../../src/rules/index.ts'
import { type Row, reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import {
  createRestProviderSimulator,
  type RestProviderSimulatorOptions,
} from '../../src/testing/rest-provider/index.ts'
import { jobsOf, START } from './environment.ts'

export const TEMPLATE_ID = 'customer-agreement'

/** An environment with one Rest provider, which is reached over real HTTP, and all the jobs that ask it. */
export async function createProviderEnvironment({
  provider: seed = {},
  quirks = {},
}: {
  readonly provider?: RestProviderSimulatorOptions['seed']
  readonly quirks?: NonNullable<RestProviderSimulatorOptions['quirks']>
} = {}) {
  const dataverse = createEmulator({
    tables: work365Tables,
    steps: work365Steps,
    customApis: work365CustomApis,
    now: START,
  })
  const simulator = createRestProviderSimulator({ apiKey: 'secret', clock: dataverse.clock, seed, quirks })
  const { url, close } = await simulator.listen()
  onTestFinished(close)

  const provider = await dataverse.seed(Provider, {
    work365_provider_name: 'Contoso Distribution',
    work365_provider_type: providerType.Rest,
    work365_provider_connector: providerConnector.Rest,
    work365_provider_manualprovideremail: 'partner@contoso.example',
  })
  const mails: Mail[] = []
  const sendMail = async (mail: Mail) => void mails.push(mail)
  const connect: Connect = () => ({
    connector: createRestProvider({ title: 'Contoso Distribution' }),
    settings: { endpointUrl: url, countryCode: 'US', currencyCode: 'USD' },
    credentials: { apiKey: 'secret' },
  })
  const jobs = [
    syncProviderAccounts({ connect }),
    notifyNewProviderAccount({ sendMail }),
    syncAgreements({ connect }),
    createAgreementAtProvider({ connect }),
    confirmAcceptance({ connect, sendMail }),
    syncLicenseChangeLog({ connect }),
  ]
  const runner = (options: Partial<JobRunnerOptions> = {}) =>
    createJobRunner({ service: dataverse, jobs, clock: dataverse.clock, random: () => 0, ...options })

  return {
    dataverse,
    simulator,
    provider,
    mails,
    connect,
    runner,
    set: (name: SettingName, value: string) =>
      dataverse.create(Configuration, {
        work365_configuration_name: settings[name].key,
        work365_configuration_value: value,
      }),
    addAccount: (name: string) => dataverse.create(Account, { name }),
    addContact: (account: string, email: string, changes: Row = {}) =>
      dataverse.create(Contact.logicalName, {
        firstname: 'Ada',
        lastname: 'Jensen',
        emailaddress1: email,
        parentcustomerid: reference(Account, account),
        ...changes,
      }),
    addProviderAccount: (name: string, account: string | null, changes: Row = {}) =>
      dataverse.create(ProviderAccount.logicalName, {
        work365_provideraccount_name: name,
        work365_provideraccount_account: account === null ? null : reference(Account, account),
        work365_provideraccount_provider: reference(Provider, provider),
        work365_provideraccount_providerspecificaccountid: name,
        work365_provideraccount_syncstatus: syncStatus.Enabled,
        ...changes,
      }),
    addTemplate: (name = 'Customer Agreement', changes: Row = {}) =>
      dataverse.create(AgreementTemplate.logicalName, {
        work365_agreementtemplate_name: name,
        work365_agreementtemplate_templateid: TEMPLATE_ID,
        work365_agreementtemplate_provider: reference(Provider, provider),
        ...changes,
      }),
    /** Runs a job of the provider, and what it sets off. */
    async sync(options: Parameters<typeof queueProviderSync>[2] = {}) {
      const id = await queueProviderSync(dataverse, provider, options)
      await runner().runDue()
      return (await jobsOf(dataverse)).find((job) => job.id === id)!
    },
    jobs: () => jobsOf(dataverse),
    async providerAccounts() {
      const { rows } = await dataverse.retrieveMultiple(
        select(ProviderAccount).orderBy('work365_provideraccount_providerspecificaccountid'),
      )
      return rows.map((row) => ({
        id: row.work365_provideraccountid,
        name: row.work365_provideraccount_name,
        account: row.work365_provideraccount_account?.name ?? null,
        key: row.work365_provideraccount_providerspecificaccountid,
        domain: row.work365_provideraccount_domain,
        status: labelOf(syncStatus, row.work365_provideraccount_syncstatus ?? -1),
        changed: row.versionnumber,
      }))
    },
    async agreements() {
      const { rows } = await dataverse.retrieveMultiple(select(Agreement).orderBy('work365_agreement_name'))
      return rows.map((row) => ({
        id: row.work365_agreementid,
        name: row.work365_agreement_name,
        account: row.work365_agreement_account?.name ?? null,
        provider: row.work365_agreement_provider?.name ?? null,
        status: labelOf(statusOptions, row.statuscode),
        signedBy: row.work365_agreement_signedby?.id ?? null,
        signedOn: row.work365_agreement_signedon,
        attestedOn: row.work365_agreement_attestedon,
      }))
    },
  }
}
export type ProviderEnvironment = Awaited<ReturnType<typeof createProviderEnvironment>>

const statusOptions = (Agreement.columns.statuscode as { readonly options: Readonly<Record<string, number>> }).options
