import { channel } from '../../entities/index.ts'

/**
 * Tags (the optional `tag` parameter of a request) by which a caller says where a change of a subscription came from.
 * Without one it was made in Dynamics itself. The tags are this package's own.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters#add-a-shared-variable-to-the-plugin-execution-context
 */
export const changeSourceTags = Object.freeze({ provider: 'work365:provider', portal: 'work365:portal' })

/** Where a change came from, by the tag that its request carried. */
export function changeSourceOf(tag: unknown) {
  if (tag === changeSourceTags.provider) return channel.Provider
  if (tag === changeSourceTags.portal) return channel.Portal
  return channel.System
}

/**
 * The tag of an update that sets Awaiting Provisioning on what waits already: what it waited for is over, so it is
 * decided and queued as after a re-queue.
 */
export const RELEASE = 'work365:release'
