import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { work365 } from './running-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'work365-msal-'))
})
afterAll(() => rm(folder, { recursive: true }))

const applicationId = '33333333-3333-4333-8333-333333333333'
const userId = '44444444-4444-4444-8444-444444444444'
const administratorRoleId = '0a6f0c1e-0000-4000-8000-0000000000d1'
const msal = pathToFileURL('node_modules/@azure/msal-node/dist/index.mjs').href

test('MSAL gets tokens over https by secret and by certificate, and they open the Web API as the application user', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const rows = join(folder, 'rows.json')
  await writeFile(
    rows,
    JSON.stringify({
      systemuser: [{ systemuserid: userId, fullname: 'Robot', applicationid: applicationId }],
      systemuserroles: [{ systemuserid: userId, roleid: administratorRoleId }],
    }),
  )
  const script = join(folder, 'script.mjs')
  await writeFile(
    script,
    `import { ConfidentialClientApplication } from ${JSON.stringify(msal)}
     const { DATAVERSE_URL, DATAVERSE_API_URL, DATAVERSE_AUTHORITY } = process.env
     const whoAmI = async (token) => {
       const headers = token === undefined ? {} : { Authorization: 'Bearer ' + token }
       const response = await fetch(DATAVERSE_API_URL + '/WhoAmI()', { headers })
       return [response.status, (await response.json()).UserId ?? response.headers.get('www-authenticate')]
     }
     const tokenFor = async (clientId, credentials) => {
       const knownAuthorities = [new URL(DATAVERSE_AUTHORITY).host]
       const auth = { clientId, authority: DATAVERSE_AUTHORITY, knownAuthorities, ...credentials }
       const application = new ConfidentialClientApplication({ auth })
       return (await application.acquireTokenByClientCredential({ scopes: [DATAVERSE_URL + '/.default'] })).accessToken
     }
     const certificate = { thumbprintSha256: 'ab'.repeat(32), privateKey: ${JSON.stringify(key)} }
     const ours = ${JSON.stringify(applicationId)}
     console.log(JSON.stringify({
       secret: await whoAmI(await tokenFor(ours, { clientSecret: 'any' })),
       certificate: await whoAmI(await tokenFor(ours, { clientCertificate: certificate })),
       stranger: await whoAmI(await tokenFor('55555555-5555-4555-8555-555555555555', { clientSecret: 'any' })),
       none: await whoAmI(),
       forged: await whoAmI((await tokenFor(ours, { clientSecret: 'any' })).slice(0, -5) + 'AAAAA'),
     }))`,
  )

  const run = work365(['emulator', 'exec', '--https', '--auth', '--seed', rows, '--', process.execPath, script])

  expect(await run.ended, run.errors.join('\n')).toBe(0)
  expect(JSON.parse(run.output.join(''))).toEqual({
    secret: [200, userId],
    certificate: [200, userId],
    stranger: [403, null],
    none: [401, expect.stringMatching(/^Bearer authorization_uri=https:\/\/127\.0\.0\.1:\d+\/.*, resource_id=https:/)],
    forged: [401, expect.stringContaining('authorization_uri')],
  })
})
