import { inspect } from 'node:util'
import type { Connector } from '../../../../connectors/index.ts'
import { verifyConnectivity } from '../../../../connectors/index.ts'
import type { Bench } from '../bench.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { openingHeaders, targetOf } from '../judge.ts'
import { watchOutput } from '../watch-output.ts'

export const secrets: readonly ConformanceCheck[] = [
  {
    id: 'C05',
    group: 'secrets',
    title: 'no secret shows in notes, errors, handles, outcomes or what is printed, whatever goes wrong',
    needs: ['provider', 'secrets', 'target'],
    async run(bench) {
      const { connector, provider, shown } = bench
      const process = bench.start()
      const echo = () =>
        knownSecrets(bench)
          .map(([, secret]) => secret)
          .join(' ')
      const attempt = () => process.settle(targetOf(bench)).catch(() => {})
      await watchOutput(
        (printed) => shown.push(printed),
        async () => {
          shown.push(await verifyConnectivity(connector, process.context()))
          for (const kind of ['read', 'write', 'signIn'] as const) {
            provider.fail({ on: kind, status: 400, body: `no: ${echo()}` })
            await attempt()
            provider.fail({ on: kind, status: 500, body: `<html><title>${echo()}</title></html>`, times: 3 })
            await attempt()
            provider.fail({ on: kind, drop: 'request', times: 3 })
            await attempt()
            provider.heal()
          }
          await attempt()
        },
      )

      const text = inspect(shown, { depth: 20, maxStringLength: null, showHidden: true }) + JSON.stringify(shown)
      for (const [name, secret] of knownSecrets(bench)) ensure(!text.includes(secret), `It shows ${name}.`)
    },
  },
]

/** What was entered as a secret, and what the connector has signed in with. */
function knownSecrets({ connector, world, provider }: Bench): readonly (readonly [name: string, secret: string])[] {
  const values = { ...world.settings(provider.url), ...world.credentials }
  const entered = secretFields(connector).map((name) => [`the secret ${name}`, values[name]] as const)
  // Without the scheme before it, such as `Bearer`; a secret of more words is whole.
  const tokens = provider.requests.flatMap(openingHeaders).map((value) => value.replace(/^\S+ (?=\S+$)/, ''))
  const sent = tokens.map((token) => ['a token', token] as const)
  return [...entered, ...sent].flatMap(([name, secret]) =>
    typeof secret === 'string' && secret !== '' ? [[name, secret]] : [],
  )
}

function secretFields({ settings, credentials }: Connector): string[] {
  return Object.entries({ ...settings, ...credentials }).flatMap(([name, { type }]) =>
    type === 'secret' ? [name] : [],
  )
}
