import { column } from './column.ts'

/**
 * The name of a person, put together by Dataverse from the first and the last name.
 *
 * @param from the columns that hold them
 */
export function fullName({ first, last }: { readonly first: string; readonly last: string }) {
  return column.calculated(
    column.text({
      label: 'Full Name',
      maxLength: 160,
      standard: true,
      description: 'Put together by Dataverse from the first and the last name.',
    }),
    {
      from: [first, last],
      calculate: (row) => [row[first], row[last]].filter(Boolean).join(' ') || null,
    },
  )
}
