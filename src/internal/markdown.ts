/** A table in Markdown, as wide as its widest cells; the first row is the head. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')))
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[], fill = ' ') =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`
  const [head, ...others] = cells
  const rule = widths.map(() => '-')
  return [line(head!), line(rule, '-'), ...others.map((row) => line(row))].join('\n')
}

/**
 * The page with this in place of what stands between `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error where the page has no such place
 */
export function placeSection(page: string, name: string, content: string): string {
  const marks = [`<!-- ${name} -->`, `<!-- /${name} -->`] as const
  const [begin, end] = marks.map((mark) => page.indexOf(mark)) as [number, number]
  if (begin < 0 || end < begin) throw new Error(`The page needs ${marks.join(' and ')}, with the ${name} between them.`)
  return `${page.slice(0, begin + marks[0].length)}\n\n${content}\n\n${page.slice(end)}`
}
