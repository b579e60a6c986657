import { deepFreeze } from '../../internal/freeze.ts'

/** Where a cloud's Partner Center and its sign-in are. */
export interface Endpoints {
  /** Without `/v1`. */
  readonly api: string
  /** Without the tenant. */
  readonly login: string
  /** What a token has to be for. Microsoft Graph's audience is refused. */
  readonly audience: string
  /** Whether the cloud has the Agreements resource. */
  readonly agreements: boolean
}

/**
 * The national clouds.
 *
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
 */
export const clouds = deepFreeze({
  commercial: {
    api: 'https://api.partnercenter.microsoft.com',
    login: 'https://login.microsoftonline.com',
    audience: 'https://api.partnercenter.microsoft.com',
    agreements: true,
  },
  'us-government': {
    api: 'https://api.partnercenter.microsoft.com',
    login: 'https://login.microsoftonline.us',
    audience: 'https://api.partnercenter.microsoft.com',
    agreements: false,
  },
  china: {
    api: 'https://partner.partnercenterapi.microsoftonline.cn',
    login: 'https://login.partner.microsoftonline.cn',
    audience: 'https://partner.partnercenterapi.microsoftonline.cn',
    agreements: false,
  },
} as const satisfies Record<string, Endpoints>)

export type Cloud = keyof typeof clouds
export const cloudNames = Object.keys(clouds) as Cloud[]
