import { ProviderError, type RemoteAgreement } from '../connectors/index.ts'
import { Agreement, Contact, labelOf, providerConnector, providerType } from '../entities/index.ts'
import { dayIn } from '../internal/time-zone.ts'
import { agreementStatus, loadSettings } from '../plugins/index.ts'
import { select } from '../query/index.ts'
import { agreementCapabilityOf } from '../rules/index.ts'
import { DataverseError, type OrganizationService, reference } from '../service/index.ts'
import { type AgreementRow, agreementColumns, readAgreement, templateIdOf } from './agreement-rows.ts'
import { customerIdsOf, signedAtProvider } from './agreements-at-provider.ts'
import type { Connect, ProviderRow } from './connection.ts'
import { defineJob, type JobContext, type JobDefinition, type JobOutcome } from './define-job.ts'
import { type ConnectedProvider, connectTo } from './provider-connection.ts'
import { isPassing } from './retry-policy.ts'
import { successorOf, syncOrderOf } from './sync-job.ts'

const HOUR_MS = 60 * 60_000
/** How often the provider is asked for an acceptance that is awaited. */
const LOOK_AGAIN_MS = 6 * HOUR_MS
/** After so many days an acceptance that does not show needs a person. */
const PATIENCE_DAYS = 30
/** How many agreements are read at once. */
const PAGE = 200

/**
 * Asks a provider which of the Pending agreements its customers have signed, and makes those Active (G10). With an
 * agreement in Regarding it asks for that one, and comes back until the acceptance shows (G7). Providers whose connector
 * cannot be asked are left alone.
 *
 * @see https://docs.work365apps.com/docs/work-365-agreements
 */
export function syncAgreements({ connect }: { readonly connect: Connect }): JobDefinition {
  return defineJob({
    type: 'Sync Agreements',
    rules: ['G7', 'G10'],

    async run(context): Promise<JobOutcome> {
      const { provider } = await syncOrderOf(context)
      const connected = await connectTo(context, connect, provider.id)
      const because = connected.connector ? whyNot(connected) : connected.because
      if (!connected.connector || because !== undefined) {
        return { status: 'notApplicable', results: because!, also: await successorOf(context, 'Sync Agreements') }
      }
      const { regarding } = context.job
      if (regarding) return attest(context, connected, await readAgreement(context.service, regarding.id))
      return syncAll(context, connected)
    },

    onFailure: (context: JobContext) => successorOf(context, 'Sync Agreements'),
  })
}

function whyNot({ connector, provider }: ConnectedProvider): string | undefined {
  const { syncs } = agreementCapabilityOf(labelsOf(provider))
  if (syncs && connector.agreements) return undefined
  return `Agreements are not synced with ${connector.title}.`
}

function labelsOf({ work365_provider_type: type, work365_provider_connector: connector }: ProviderRow) {
  return {
    type: type === null ? undefined : labelOf(providerType, type),
    connector: connector === null ? undefined : labelOf(providerConnector, connector),
  }
}

/** Looks for the acceptance of one agreement. */
async function attest(context: JobContext, provider: ConnectedProvider, agreement: AgreementRow): Promise<JobOutcome> {
  const { clock, service } = context
  if (agreement.statuscode !== agreementStatus.pending || !agreement.work365_agreement_signedby) {
    return { status: 'notApplicable', results: 'The agreement awaits no attestation any more.' }
  }
  const signed = await lookFor(service, provider, agreement)
  if (signed) {
    await activate(context, agreement, signed)
    return { status: 'succeeded', results: 'The acceptance was seen at the provider.' }
  }
  const now = clock.now().getTime()
  const since = Date.parse(`${agreement.work365_agreement_signedon}T00:00:00Z`)
  if (now - since > PATIENCE_DAYS * 24 * HOUR_MS) {
    throw new ProviderError(
      'invalid',
      `The acceptance of '${agreement.work365_agreement_name}' has not shown at the provider for ${PATIENCE_DAYS} days. If it is valid all the same, enter when it was seen in Attested On (work365_agreement_attestedon) and set the agreement to Active.`,
    )
  }
  return {
    status: 'postponed',
    results: 'The acceptance does not show at the provider yet.',
    until: new Date(now + LOOK_AGAIN_MS),
  }
}

/** Looks for the acceptances of all Pending agreements of the provider. One that fails holds up no other. */
async function syncAll(context: JobContext, provider: ConnectedProvider): Promise<JobOutcome> {
  const { service, signal } = context
  const failed: string[] = []
  let [seen, looked] = [0, 0]
  for (const agreement of await pendingOf(service, provider.provider.work365_providerid)) {
    signal.throwIfAborted()
    looked++
    try {
      const signed = await lookFor(service, provider, agreement)
      if (!signed) continue
      await activate(context, agreement, signed)
      seen++
    } catch (error) {
      if (!isRefusal(error)) throw error
      failed.push(`'${agreement.work365_agreement_name}': ${error.message}`)
    }
  }
  const report = `${seen} of ${looked} pending agreements are signed at the provider and Active now.`
  if (failed.length > 0) throw new ProviderError('invalid', `${report} Not synced: ${failed.join(' ')}`)
  return { status: 'succeeded', results: report, also: await successorOf(context, 'Sync Agreements') }
}

/** Whether the failure is of this agreement alone, and no matter of time. */
function isRefusal(error: unknown): error is Error {
  if (ProviderError.isInstance(error)) return error.code === 'invalid' || error.code === 'notFound'
  return DataverseError.isInstance(error) && !isPassing(error)
}

async function pendingOf(service: OrganizationService, provider: string): Promise<readonly AgreementRow[]> {
  const query = select(Agreement, agreementColumns)
    .where('work365_agreement_provider', 'eq', provider)
    .where('statuscode', 'eq', agreementStatus.pending)
  const found: AgreementRow[] = []
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(PAGE, cookie))
    found.push(...rows)
    cookie = pagingCookie
  } while (cookie !== undefined)
  return found
}

async function lookFor(
  service: OrganizationService,
  provider: ConnectedProvider,
  agreement: AgreementRow,
): Promise<RemoteAgreement | undefined> {
  const { work365_agreement_account: account, work365_agreement_agreementtemplate: template } = agreement
  const customers = await customerIdsOf(service, account!.id, provider.provider.work365_providerid)
  if (customers.length === 0) return undefined
  const templateId = await templateIdOf(service, template!.id)
  for (const customer of customers) {
    const signed = await signedAtProvider(provider, customer, templateId)
    if (signed) return signed
  }
  return undefined
}

async function activate(context: JobContext, agreement: AgreementRow, signed: RemoteAgreement): Promise<void> {
  const { clock, service } = context
  const { values } = await loadSettings(service)
  const signer =
    agreement.work365_agreement_signedby ??
    (await contactOf(service, agreement.work365_agreement_account!.id, signed.signedBy?.email))
  await service.update(Agreement, agreement.work365_agreementid, {
    statuscode: agreementStatus.active,
    work365_agreement_attestedon: clock.now(),
    ...(signer ? { work365_agreement_signedby: reference(Contact, signer.id) } : {}),
    ...(agreement.work365_agreement_signedon
      ? {}
      : { work365_agreement_signedon: dayIn(values.defaultTimeZone, signed.signedOn!) }),
  })
}

/** Who has signed at the provider, as a contact of the account, by the e-mail address. */
async function contactOf(service: OrganizationService, account: string, email: string | undefined) {
  if (!email) return undefined
  const { rows } = await service.retrieveMultiple(
    select(Contact, ['contactid'])
      .where('parentcustomerid', 'eq', account)
      .where('emailaddress1', 'eq', email)
      .first(1),
  )
  return rows[0] && { id: rows[0].contactid }
}
