import { type Asked, Refused, type World } from './world.ts'

/** Where events are posted to: one registration for a partner. */
export const webhooks = {
  get({ state }: World) {
    if (state.webhook) return state.webhook
    throw new Refused(404, 1000, 'There is no registration.')
  },

  create({ state }: World, { content }: Asked) {
    if (state.webhook) throw new Refused(400, 3000, 'There is a registration already.')
    state.webhook = content
    return content
  },

  replace({ state }: World, { content }: Asked) {
    if (!state.webhook) throw new Refused(404, 1000, 'There is no registration.')
    state.webhook = content
    return content
  },
}
