import { layoutOf } from '../../../query/index.ts'
import type { EmulatedMessage } from './message.ts'
import { VERSION } from './retrieve-version.ts'

/** Where an environment of this name would be; the emulator itself listens elsewhere, if at all. */
const HOST = 'emulator.crm.dynamics.com'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievecurrentorganization */
export const retrieveCurrentOrganization: EmulatedMessage = {
  name: 'RetrieveCurrentOrganization',
  parameters: { AccessType: { type: 'String', optional: true } },
  handle: ({ environment: { organization } }) => ({
    message: 'RetrieveCurrentOrganization',
    table: null,
    id: null,
    target: {},
    readOnly: true,
    main(view) {
      const table = view.definition('organization')
      const row = view.get('organization', organization.organizationId)
      const name = String(row?.[layoutOf(table).positions.get('name')!] ?? 'Emulator')
      return {
        Detail: {
          OrganizationId: organization.organizationId,
          FriendlyName: name,
          OrganizationVersion: VERSION,
          EnvironmentId: organization.organizationId,
          DatacenterId: '00000000-0000-0000-0000-000000000000',
          Geo: 'NA',
          TenantId: '0a6f0c1e-0000-4000-8000-0000000000f1',
          UrlName: 'emulator',
          UniqueName: 'emulator',
          State: 'Enabled',
          Endpoints: {
            WebApplication: `https://${HOST}/`,
            OrganizationService: `https://${HOST}/XRMServices/2011/Organization.svc`,
            OrganizationDataService: `https://${HOST}/XRMServices/2011/OrganizationData.svc`,
          },
        },
      }
    },
  }),
}
