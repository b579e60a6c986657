import type { ConnectivityReport } from '../operations.ts'

/** What is wrong with a connection, a sentence each; none where it is open. */
export function failedFindings({ ok, findings = [] }: ConnectivityReport, title: string): readonly string[] {
  if (ok) return []
  const failed = findings.filter((finding) => !finding.ok)
  const sentences = failed.map(({ name, detail }) => (detail ? `${name}: ${detail}` : name))
  return sentences.length > 0 ? sentences : [`${title} cannot be reached.`]
}
