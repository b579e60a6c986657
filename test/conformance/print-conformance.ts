import { areas, type Feature, features } from './features/index.ts'
import { proofsOf } from './proofs.ts'

/** The conformance report as a page: what the platform does, the test that proves it here, and where Microsoft says it. */
export function printConformance(): string {
  const all = [...features.values()]
  return `${[
    '# Conformance',
    '',
    'Made by `npm run conformance`, which writes it only when every test named here has passed; do not edit. A test keeps it true.',
    '',
    `${all.length} features of Dataverse, each with the test that proves it and the page of Microsoft Learn that describes it.`,
    '*documented*: the page says so. *observed*: seen in published answers, or needed by published clients; the page is the nearest one.',
    '*assumed*: no source says, and this package chose. *Refused*: the platform can, and this package says by name that it cannot.',
    '',
    '| area | features | documented | observed | assumed | refused |',
    '| --- | --: | --: | --: | --: | --: |',
    ...Object.entries<Readonly<Record<string, Feature>>>(areas).map(([title, area]) =>
      counts(`[${title}](#${anchor(title)})`, Object.values(area)),
    ),
    counts('**all**', all),
    '',
    ...Object.entries<Readonly<Record<string, Feature>>>(areas).flatMap(([title, area]) => [
      `## ${title}`,
      '',
      '| feature | proven by | Microsoft Learn |',
      '| --- | --- | --- |',
      ...Object.entries(area).map(([id, feature]) => row(id, feature)),
      '',
    ]),
  ].join('\n')}`
}

function counts(title: string, some: readonly Feature[]): string {
  const marked = (mark: Feature['mark']) => some.filter((feature) => feature.mark === mark && !feature.refused).length
  const refused = some.filter((feature) => feature.refused).length
  return `| ${[title, some.length, marked('documented'), marked('observed'), marked('assumed'), refused].join(' | ')} |`
}

function row(id: string, feature: Feature): string {
  const { title, page, mark, refused } = feature
  const proofs = proofsOf(id, feature).map(({ file }) => file)
  const tests = [...new Set(proofs)].map((file) => `[${file.replace(/^(src|test)\//, '')}](../${file})`)
  const name = page.slice(page.lastIndexOf('/') + 1)
  const said = `${refused ? '**Refused** ' : ''}\`${id}\` ${title.replaceAll('|', '\\|')}`
  return `| ${said} | ${tests.join(', ')} | [${name}](${page}), ${mark} |`
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}
