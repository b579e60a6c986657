import { type FeatureId, features } from './features/index.ts'

/** The title of the test that proves a feature: `docs/conformance.md` finds the test by it. */
export function feature(id: FeatureId): string {
  return `${id}: ${features.get(id)!.title}`
}
