import type { DocumentedRule } from './documented-rule.ts'

export const providerAccounts = [] as const satisfies readonly DocumentedRule[]
