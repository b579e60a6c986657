import { createServedEnvironment, type ServedEnvironment, type Shared } from './served-environment.ts'

/** The environments that are served, each under its own path. */
export interface ServedEnvironments {
  /** The one that the server was made for. */
  readonly root: ServedEnvironment
  /** The fork with this id, or why there is none. */
  fork(id: string): ServedEnvironment | { readonly status: 404 | 410; readonly message: string }
  all(): Iterable<ServedEnvironment>
}

/**
 * An emulator and its forks. Of more than `most` forks the oldest is forgotten: test runs that end early leave theirs
 * behind, and would fill the memory.
 */
export function createServedEnvironments(shared: Omit<Shared, 'forksOf'>, most: number): ServedEnvironments {
  const forks = new Map<string, ServedEnvironment>()
  let last = 0

  const withForks: Shared = {
    ...shared,
    forksOf: (emulator) => ({
      create() {
        const fork = emulator().fork()
        // A fork's clock stands still, which would surprise whoever forks one that runs.
        if (emulator().clock.running) fork.clock.run()
        const id = String(++last)
        const path = `/forks/${id}`
        forks.set(id, createServedEnvironment(fork, path, withForks))
        if (forks.size > most) forks.delete(forks.keys().next().value!)
        return { id, path }
      },
      delete: (id) => forks.delete(id),
    }),
  }
  const root = createServedEnvironment(shared.emulator, '', withForks)

  return {
    root,
    fork(id) {
      const found = forks.get(id)
      if (found) return found
      if (!/^[1-9]\d{0,14}$/.test(id) || Number(id) > last) {
        return { status: 404, message: `There is no fork '${id}'. POST /_emulator/fork makes one.` }
      }
      return {
        status: 410,
        message: `The fork ${id} is gone: it was deleted, or it was the oldest when there were more than ${most}. Delete forks that are done with, or raise --max-forks.`,
      }
    },
    all: () => [root, ...forks.values()],
  }
}
