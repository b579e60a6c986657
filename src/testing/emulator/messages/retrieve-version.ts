import type { EmulatedMessage } from './message.ts'

/** The version that the emulator follows. */
export const VERSION = '9.2.0.0'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveversion */
export const retrieveVersion: EmulatedMessage = {
  name: 'RetrieveVersion',
  parameters: {},
  handle: () => ({
    message: 'RetrieveVersion',
    table: null,
    id: null,
    target: {},
    readOnly: true,
    main: () => ({ Version: VERSION }),
  }),
}
