import { isDeepStrictEqual } from 'node:util'
import type { Fixture, Interaction } from './fixture.ts'
import { mask } from './scrub.ts'

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** Where a recorded provider is: nowhere. */
export const REPLAYED = 'https://recorded.invalid'

/** Lets nock answer what was recorded, each interaction once and in any order. Answers how those that nobody asked for are named. */
export async function replay({ interactions }: Fixture, personal: readonly string[]): Promise<() => readonly string[]> {
  const { default: nock } = await loadNock()
  if (!nock.isActive()) nock.activate()
  const scopes = interactions.map((recorded) => {
    const scope = nock(REPLAYED)
    scope
      .intercept(
        (path) => withoutIds(path) === withoutIds(recorded.path),
        recorded.method,
        (body: unknown) => isSame(body, recorded.body, personal),
      )
      .reply(recorded.status, contentOf(recorded.response), { ...recorded.headers })
    return { scope, recorded }
  })
  return () => {
    const unused = scopes.filter(({ scope }) => !scope.isDone()).map(({ recorded }) => naming(recorded))
    nock.cleanAll()
    return unused
  }
}

/** nock is an optional peer: whoever records or replays installs it. */
export async function loadNock() {
  try {
    return await import('nock')
  } catch (error) {
    throw new Error('Recorded worlds need nock, which is not installed. Run `npm install --save-dev nock`.', {
      cause: error,
    })
  }
}

export const naming = ({ method, path }: Pick<Interaction, 'method' | 'path'>) => `${method} ${path}`

/** Ids that are made anew in each run are one like the other. */
const withoutIds = (text: string) => text.replace(GUID, '<id>')

function isSame(body: unknown, recorded: unknown, personal: readonly string[]): boolean {
  const comparable = (value: unknown) => JSON.parse(withoutIds(JSON.stringify(mask(value ?? '', personal)))) as unknown
  const isForm = typeof recorded === 'string' && typeof body === 'object'
  return isDeepStrictEqual(comparable(body), comparable(isForm ? fieldsOf(recorded) : recorded))
}

/** nock reads a form before it compares, and records it as it was. */
const fieldsOf = (form: string) => Object.fromEntries(new URLSearchParams(form))

const contentOf = (response: unknown) => (typeof response === 'string' ? response : JSON.stringify(response))
