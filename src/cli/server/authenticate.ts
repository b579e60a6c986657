import { errorCodes, toHexCode } from '../../service/index.ts'
import type { Emulator, TokenClaims, TokenEndpoint } from '../../testing/index.ts'
import type { WebAnswer, WebRequest } from '../../webapi/index.ts'
import { errorAnswer } from './error-answer.ts'

/** The id of the user who asks, or the answer that refuses them. `path` is what stands before the environment's paths. */
export type Authenticate = (request: WebRequest, emulator: Emulator, path: string) => Promise<string | WebAnswer>

/** The tenant that a challenge names; the token endpoint takes any. */
export const TENANT_ID = '0a6f0c1e-0000-4000-8000-0000000000f1'

/**
 * Asks for tokens that the endpoint has given. The user is the application user with the token's `appid`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-single-tenant-server-server-authentication
 */
export function authenticateBy(tokens: TokenEndpoint): Authenticate {
  return async (request, emulator, path) => {
    const { origin } = new URL(request.url)
    const [, token] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? []
    if (token === undefined) {
      return challenge(origin, path, "The request has no token: send 'Authorization: Bearer …'.")
    }
    let claims: TokenClaims
    try {
      claims = await tokens.read(token, emulator.clock.now())
    } catch (error) {
      return challenge(origin, path, (error as Error).message)
    }
    if (!URL.canParse(claims.audience) || new URL(claims.audience).origin !== origin) {
      return challenge(origin, path, `The token is for ${claims.audience}, and this is ${origin}.`)
    }
    return (await applicationUser(emulator, claims.applicationId)) ?? notAMember(claims.applicationId)
  }
}

async function applicationUser(emulator: Emulator, applicationId: string): Promise<string | undefined> {
  const { rows } = await emulator.retrieveMultiple({
    table: 'systemuser',
    columns: ['systemuserid'],
    filter: { kind: 'compare', column: 'applicationid', operator: 'eq', values: [applicationId] },
    top: 1,
  })
  return rows[0]?.systemuserid as string | undefined
}

function challenge(origin: string, path: string, why: string): WebAnswer {
  const authority = `${origin}/${TENANT_ID}/oauth2/authorize`
  return errorAnswer(401, toHexCode(errorCodes.InvalidUserAuth.code), why, {
    'WWW-Authenticate': `Bearer authorization_uri=${authority}, resource_id=${origin}${path}/`,
  })
}

function notAMember(applicationId: string): WebAnswer {
  const { code, status, message } = errorCodes.UserNotMemberOfOrg
  return errorAnswer(
    status,
    toHexCode(code),
    `${message} There is no systemuser with the applicationid ${applicationId}: seed one, with a security role.`,
  )
}
