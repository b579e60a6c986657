// Bulk Create Agreements: every provider account of a provider gets the agreement of a template.
import {
  Account,
  AgreementTemplate,
  Provider,
  ProviderAccount,
  providerType,
  work365Tables,
} from '../dist/entities/index.js'
import { createAgreements, work365CustomApis, work365Steps } from '../dist/plugins/index.js'
import { createEmulator } from '../dist/testing/index.js'
import { memoryInUse } from './memory-in-use.mjs'

/** An environment with so many accounts, each with a provider account at one provider, and a template to make agreements from. */
async function environmentWith(count) {
  const dataverse = createEmulator({ tables: work365Tables, steps: work365Steps, customApis: work365CustomApis })
  const provider = await dataverse.seed(Provider, {
    work365_provider_name: 'Contoso Distribution',
    work365_provider_type: providerType.Automatic,
  })
  const providerReference = { logicalName: 'work365_provider', id: provider }
  const accounts = await dataverse.seed(
    Account,
    Array.from({ length: count }, (_, n) => ({ name: `Account ${n}` })),
  )
  await dataverse.seed(
    ProviderAccount,
    accounts.map((id, n) => ({
      work365_provideraccount_name: `Tenant ${n}`,
      work365_provideraccount_account: { logicalName: 'account', id },
      work365_provideraccount_provider: providerReference,
      work365_provideraccount_providerspecificaccountid: `tenant-${n}`,
    })),
  )
  const template = await dataverse.seed(AgreementTemplate, {
    work365_agreementtemplate_name: 'Customer Agreement',
    work365_agreementtemplate_provider: providerReference,
  })
  return { dataverse, template }
}

/** The median time and the memory that creating one agreement takes when so many are created, and that a second run takes. */
export async function measureCreateAgreements(count, { rounds = 5 } = {}) {
  const { dataverse, template } = await environmentWith(count)
  const measured = []
  for (let round = -1; round < rounds; round++) {
    const one = await measureRun(dataverse, template, count)
    if (round >= 0) measured.push(one)
  }
  const medianOf = (what) => median(measured.map((one) => one[what])) / count
  return { milliseconds: medianOf('created'), again: medianOf('again'), bytes: medianOf('bytes') }
}

async function measureRun(beginning, template, count) {
  const dataverse = beginning.fork()
  const before = await memoryInUse()
  const begun = performance.now()
  const first = await createAgreements(dataverse, template)
  const created = performance.now() - begun
  dataverse.trace.clear()
  const bytes = (await memoryInUse()) - before

  const begunAgain = performance.now()
  const second = await createAgreements(dataverse, template)
  const again = performance.now() - begunAgain
  if (first.created !== count || second.created !== 0 || second.skipped.length !== count) {
    throw new Error(`created ${first.created}, then ${second.created}, instead of ${count} and none`)
  }
  return { created, again, bytes }
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
