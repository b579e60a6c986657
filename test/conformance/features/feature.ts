/** How sure it is that the platform behaves so. */
export type Mark =
  /** Microsoft Learn says so, on the page given. */
  | 'documented'
  /** Seen in published answers, or needed by published clients; the page is the nearest one. */
  | 'observed'
  /** Not confirmed by a source: what this package chose. */
  | 'assumed'

/** A test that was there before the feature was listed, and proves it. */
export interface Proof {
  /** From the root of the project. */
  readonly file: string
  /** The title as it stands in the file, placeholders of `test.each` included. */
  readonly test: string
}

/** Something that the platform does, to be proven by a test. */
export interface Feature {
  /** In one sentence; the test that proves it carries this title. */
  readonly title: string
  /** Where Microsoft writes about it. */
  readonly page: string
  readonly mark: Mark
  /** Whether the platform can, and this package refuses by name. What is proven is the refusal. */
  readonly refused?: boolean
  /** Tests elsewhere that prove it. Left out: a test carries `feature(id)` as its title. */
  readonly provenBy?: readonly Proof[]
}

type More = Pick<Feature, 'refused' | 'provenBy'>

export const documented = (title: string, page: string, more: More = {}): Feature => ({
  title,
  page,
  mark: 'documented',
  ...more,
})
export const observed = (title: string, page: string, more: More = {}): Feature => ({
  title,
  page,
  mark: 'observed',
  ...more,
})
export const assumed = (title: string, page: string, more: More = {}): Feature => ({
  title,
  page,
  mark: 'assumed',
  ...more,
})

/** A test of a file by its title. */
export const provenBy = (file: string, ...tests: readonly string[]): Pick<Feature, 'provenBy'> => ({
  provenBy: tests.map((test) => ({ file, test })),
})
