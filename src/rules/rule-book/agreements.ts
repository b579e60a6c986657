import type { DocumentedRule } from './documented-rule.ts'

export const agreements = [] as const satisfies readonly DocumentedRule[]
