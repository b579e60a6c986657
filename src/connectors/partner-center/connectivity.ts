import type { ConnectivityFinding, ConnectivityReport } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import type { PartnerCenterContext } from './settings.ts'
import { actsForUser } from './tokens.ts'

interface WireProfile {
  readonly companyName?: string
  readonly tenantId?: string
}

/**
 * Verify Connectivity, one finding for each thing that has to be right: the token, its audience, the role behind it,
 * multifactor authentication and the tenant. What comes after a failure is not looked at.
 *
 * @param getToken - asks Microsoft Entra ID alone
 * @see https://learn.microsoft.com/partner-center/developer/get-an-organization-profile
 */
export async function verify(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  getToken: () => Promise<string>,
): Promise<ConnectivityReport> {
  const findings: ConnectivityFinding[] = []
  try {
    await getToken()
    findings.push({ name: 'token', ok: true })
    const profile = await readProfile(context, api, findings)
    return { ok: findings.every(({ ok }) => ok), account: profile.companyName, findings }
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error
    const name = findings.length === 0 ? 'token' : failedAt(error)
    return { ok: false, findings: [...findings, { name, ok: false, detail: error.message }] }
  }
}

async function readProfile(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  findings: ConnectivityFinding[],
): Promise<WireProfile> {
  if (!actsForUser(context)) {
    await api.get('/v1/customers', { query: { size: 1 } })
    findings.push({ name: 'audience', ok: true }, { name: 'role', ok: true })
    return {}
  }
  const asked = { headers: { validatemfa: 'true' } }
  const { body, headers } = await api.request<WireProfile>('GET', '/v1/profiles/organization', asked)
  findings.push(
    { name: 'audience', ok: true },
    { name: 'role', ok: true },
    ...mfaFindings(headers),
    tenantFinding(context, body),
  )
  return body
}

/** Said by a header of the answer, where Partner Center says it. */
function mfaFindings(headers: Readonly<Record<string, string>>): ConnectivityFinding[] {
  const said = headers.ismfacompliant?.toLowerCase()
  if (said === undefined) return []
  const detail = 'The integration user signed in without multifactor authentication: sign in again with it.'
  return [said === 'true' ? { name: 'mfa', ok: true } : { name: 'mfa', ok: false, detail }]
}

function tenantFinding({ settings }: PartnerCenterContext, { tenantId }: WireProfile): ConnectivityFinding {
  if (tenantId === undefined || tenantId.toLowerCase() === settings.tenantId.toLowerCase())
    return { name: 'tenant', ok: true }
  return {
    name: 'tenant',
    ok: false,
    detail: `The account is that of tenant ${tenantId}: correct the setting Partner Tenant.`,
  }
}

function failedAt({ details }: ProviderError): string {
  if (details.status === 401) return 'audience'
  return details.status === 403 ? 'role' : 'endpoint'
}
