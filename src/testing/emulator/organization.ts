import type { SeedRows } from './seed.ts'

/** The identities that every emulated environment has from the start. */
export const organization = Object.freeze({
  organizationId: '0a6f0c1e-0000-4000-8000-0000000000e1',
  businessUnitId: '0a6f0c1e-0000-4000-8000-0000000000b1',
  /** The administrator: who calls unless somebody is impersonated. */
  userId: '0a6f0c1e-0000-4000-8000-0000000000a1',
  /** The role of the administrator, which allows everything. */
  administratorRoleId: '0a6f0c1e-0000-4000-8000-0000000000d1',
  /** The base currency: US Dollar. */
  currencyId: '0a6f0c1e-0000-4000-8000-0000000000c1',
})

/** The rows behind those identities. */
export const organizationRows: SeedRows = {
  organization: [
    {
      organizationid: organization.organizationId,
      name: 'Emulator',
      basecurrencyid: { logicalName: 'transactioncurrency', id: organization.currencyId },
    },
  ],
  transactioncurrency: [
    {
      transactioncurrencyid: organization.currencyId,
      currencyname: 'US Dollar',
      isocurrencycode: 'USD',
      currencysymbol: '$',
      exchangerate: 1,
    },
  ],
  businessunit: [{ businessunitid: organization.businessUnitId, name: 'Emulator' }],
  role: [
    {
      roleid: organization.administratorRoleId,
      name: 'System Administrator',
      businessunitid: { logicalName: 'businessunit', id: organization.businessUnitId },
    },
  ],
  systemuserroles: [
    {
      systemuserrolesid: '0a6f0c1e-0000-4000-8000-0000000000d2',
      systemuserid: organization.userId,
      roleid: organization.administratorRoleId,
    },
  ],
  systemuser: [
    {
      systemuserid: organization.userId,
      fullname: 'Emulator Administrator',
      domainname: 'admin@emulator.local',
      businessunitid: { logicalName: 'businessunit', id: organization.businessUnitId },
    },
  ],
}
