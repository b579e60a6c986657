import { verifyConnectivity } from '../../../../connectors/index.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { ensureNoWrite } from '../judge.ts'

export const connectivity: readonly ConformanceCheck[] = [
  {
    id: 'C03',
    group: 'connectivity',
    title: 'good credentials are verified, with the name of the account',
    needs: [],
    async run({ connector, world, provider, start }) {
      const report = await verifyConnectivity(connector, start().context())
      ensure(report.ok, `Good credentials were not verified: ${JSON.stringify(report.findings)}`)
      ensureNoWrite(provider.requests, 'Verifying')
      const hasAccount = Object.keys(world.credentials).length === 0 || report.account
      ensure(hasAccount, 'The report does not name the account that the credentials open.')
    },
  },
  {
    id: 'C04',
    group: 'connectivity',
    title: 'each wrong connection is a finding with a name of its own, and never an exception',
    needs: ['provider', 'wrongs'],
    async run({ connector, world: { wrongs = [] }, start }) {
      const names = new Map<string, string>()
      for (const { what, settings, credentials, prepare } of wrongs) {
        prepare?.()
        const context = start({ settings, credentials }).context()
        const report = await verifyConnectivity(connector, context)
        ensure(!report.ok, `With ${what}, the connection was verified.`)
        const { name, detail } = report.findings?.find(({ ok }) => !ok) ?? {}
        ensure(name && detail, `With ${what}, the report says neither what is wrong nor why.`)
        const finding = `${name}: ${detail}`
        ensure(!names.has(finding), `${what} and ${names.get(finding)} are not told apart: ${finding}`)
        names.set(finding, what)
      }
    },
  },
]
