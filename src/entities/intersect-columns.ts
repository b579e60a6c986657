/** The id columns of an intersect table; for a table linked with itself they are numbered. */
export function intersectColumns(mine: string, theirs: string): readonly [mine: string, theirs: string] {
  return mine === theirs ? [`${mine}idone`, `${theirs}idtwo`] : [`${mine}id`, `${theirs}id`]
}
