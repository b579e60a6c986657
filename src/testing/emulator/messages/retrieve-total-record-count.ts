import type { EmulatedMessage } from './message.ts'

/**
 * How many rows tables have. The platform answers from a snapshot that may be a day old, the emulator with the present.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievetotalrecordcount
 */
export const retrieveTotalRecordCount: EmulatedMessage<{ readonly EntityNames: readonly string[] }> = {
  name: 'RetrieveTotalRecordCount',
  parameters: { EntityNames: { type: 'StringArray' } },
  handle({ environment }, { EntityNames }) {
    for (const name of EntityNames) environment.schema.table(name)
    return {
      message: 'RetrieveTotalRecordCount',
      table: null,
      id: null,
      target: {},
      readOnly: true,
      authorize(access) {
        for (const name of EntityNames) access.reaches(environment.schema.table(name), 'Read')
      },
      main(view) {
        const counts = EntityNames.map((name) => [name, view.scan(name).length])
        return { EntityRecordCountCollection: Object.fromEntries(counts) as Record<string, number> }
      },
    }
  },
}
