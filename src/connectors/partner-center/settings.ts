import type { ConnectorContext } from '../connector-context.ts'
import { field } from '../field.ts'
import { cloudNames } from './clouds.ts'

const GUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

export const settings = {
  tenantId: field.text({ title: 'Partner Tenant', help: "The partner's own Microsoft Entra tenant.", pattern: GUID }),
  clientId: field.text({
    title: 'Application',
    help: 'The application (client) id that is registered there for Partner Center.',
    pattern: GUID,
  }),
  cloud: field.choice({ title: 'Cloud', of: cloudNames, help: 'Default: commercial.', optional: true }),
  countryCode: field.text({
    title: 'Country Code',
    help: 'Two letters: the market that is sold in.',
    pattern: '[A-Za-z]{2}',
  }),
  segment: field.choice({
    title: 'Segment',
    of: ['commercial', 'education', 'government', 'nonprofit'],
    help: 'Which offers are sold. Default: all that the market has.',
    optional: true,
  }),
  term: field.choice({
    title: 'Term',
    of: ['P1M', 'P1Y', 'P3Y'],
    help: 'Bought where the product names none and has several.',
    optional: true,
  }),
  billingCycle: field.choice({
    title: 'Billing Cycle',
    of: ['monthly', 'annual', 'triennial'],
    help: 'Bought where the product names none and has several.',
    optional: true,
  }),
  outsideWindow: field.choice({
    title: 'Outside the Window',
    of: ['refuse', 'atRenewal'],
    help: 'What becomes of a reduction or a cancellation that comes too late. Default: refuse.',
    optional: true,
  }),
  provisioned: field.choice({
    title: 'Provisioned When',
    of: ['accepted', 'fulfilled'],
    help: 'Whether a change is done when Microsoft has accepted it, or when the licences are there. Default: accepted.',
    optional: true,
  }),
  certificateThumbprint: field.text({
    title: 'Certificate Thumbprint',
    help: 'SHA-256, in hexadecimal digits, where the application signs in with a certificate.',
    pattern: '[0-9A-Fa-f]{64}',
    optional: true,
  }),
}

export const credentials = {
  clientSecret: field.secret({
    title: 'Client Secret',
    help: "The application's secret. Leave it out with a certificate.",
    optional: true,
  }),
  certificateKey: field.secret({
    title: 'Certificate Key',
    help: "The certificate's private key, PEM. Leave it out with a secret.",
    optional: true,
  }),
  refreshToken: field.secret({
    title: 'Refresh Token',
    help: 'Of the integration user, who signed in with multifactor authentication. Without it the application acts alone and cannot confirm agreements.',
    optional: true,
  }),
}

export type PartnerCenterContext = ConnectorContext<typeof settings, typeof credentials>
