import type { DocumentedRule } from './documented-rule.ts'

export const interworks = [] as const satisfies readonly DocumentedRule[]
