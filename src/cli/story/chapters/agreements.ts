import { Account, Agreement, AgreementTemplate, Provider, ProviderAccount } from '../../../entities/index.ts'
import { createAgreements, queueProviderSync } from '../../../plugins/index.ts'
import { reference } from '../../../service/index.ts'
import { automaticOrder } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'
import { signIn } from './portal.ts'

const scenes: readonly Scene[] = [
  {
    title: 'A template for all customers of a provider',
    async play(stage) {
      const { emulator } = stage.environment
      await stage.configure('autoProvisionNewSubscription', 'true')
      const { provider } = automaticOrder(stage.cast, 'Rest Provider')
      const template = await emulator.create(AgreementTemplate, {
        work365_agreementtemplate_name: 'Customer Agreement 2026',
        work365_agreementtemplate_templateid: 'customer-agreement-2026',
        work365_agreementtemplate_provider: reference(Provider, provider.work365_providerid),
        work365_agreementtemplate_agreementlink: 'https://agreements.example/2026',
      })
      stage.say(`A person presses Create Agreements on the template of ${provider.work365_provider_name}.`)
      const first = await createAgreements(emulator, template, {
        batchSize: 10,
        onProgress: ({ created, skipped }) => stage.say(`  ${created} created, ${skipped} skipped`),
      })
      for (const { name, reason } of first.skipped.slice(0, 3)) stage.say(`  skipped ${name}: ${reason}`)
      stage.check('agreements', (await emulator.list(Agreement)).length, first.created)
      const again = await createAgreements(emulator, template)
      stage.check('pressed again, created', again.created, 0)
    },
  },
  {
    title: 'Nothing is sent before the customer has accepted; accepting lets it go on',
    async play(stage) {
      const { emulator } = stage.environment
      const { product, provider } = automaticOrder(stage.cast, 'Rest Provider')
      const { portal, user } = await signIn(stage, 'Work 365 Administrator')
      const account = stage.cast.accounts.find((row) => row.accountid === user.accountId)!
      const order = await stage.order(account, product, 5)
      await stage.expectStatus(order, 'Failed Provisioning')
      const pending = (await portal.agreements()).filter(({ status }) => status === 'Pending')
      stage.say(`${user.name} finds ${pending.length} pending on the portal, reads ${pending[0]!.link}, and accepts.`)
      for (const { id } of pending) await portal.acceptAgreement(id)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      const [accepted] = await portal.agreements()
      stage.check('signed', [accepted!.signedBy?.name, accepted!.signedOn], [user.name, '2026-03-02'])
      const { simulator } = await stage.at(provider, 'Rest Provider')
      stage.check('agreements at the provider', simulator.state.agreements.length, pending.length)
      stage.say(`${(await emulator.list(Account)).length - 1} other accounts have not accepted yet.`)
    },
  },
  {
    title: 'A customer that came to the provider by itself is found, mapped and asked',
    async play(stage) {
      const { emulator } = stage.environment
      const { provider } = automaticOrder(stage.cast, 'Rest Provider')
      await stage.configure('providerAccountMatch', 'true')
      const newcomer = await emulator.create(Account, { name: 'Blue Yonder Airlines' })
      await emulator.create('contact', {
        firstname: 'Robin',
        lastname: 'Counts',
        emailaddress1: 'robin@blueyonder.example',
        parentcustomerid: reference(Account, newcomer),
      })
      const domain = 'blueyonder.example'
      const { register } = await stage.at(provider, 'Rest Provider')
      const customer = await register({ name: 'Blue Yonder', domain })
      stage.say('The provider has a new customer, Blue Yonder. The daily sync runs.')
      await queueProviderSync(emulator, provider.work365_providerid)
      await stage.runJobs()
      const found = (await emulator.list(ProviderAccount)).find(
        (row) => row.work365_provideraccount_providerspecificaccountid === customer,
      )
      stage.check('mapped to', found?.work365_provideraccount_account?.name, 'Blue Yonder Airlines')
      const asked = (await emulator.list(Agreement)).filter((row) => row.work365_agreement_account?.id === newcomer)
      stage.check('agreements to accept', asked.length, 1)
    },
  },
]

/** Agreements and provider accounts. */
export const agreements: Chapter = {
  name: 'agreements',
  title: 'Agreements: no acceptance, no provisioning',
  scenes,
}
