import type { Model } from '../model.ts'

/** How many plans are kept of one model, and how long the text of one may be. */
export interface KeptPlansLimits {
  readonly most: number
  readonly longest: number
}

/**
 * Plans by the text of a query, as clients ask the same again and again: the same, frozen query is run by a plan that is
 * kept too. They are those of one model of the tables, and go with it.
 */
export class KeptPlans<Plan> {
  private readonly byModel = new WeakMap<Model, Map<string, Plan>>()

  constructor(private readonly limits: KeptPlansLimits) {}

  /** @param isKept `false` for a text that will not come again */
  get(model: Model, key: string, make: () => Plan, isKept = true): Plan {
    let known = this.byModel.get(model)
    if (!known) {
      known = new Map()
      this.byModel.set(model, known)
    }
    const found = known.get(key)
    if (found !== undefined) return found
    const plan = make()
    if (known.size >= this.limits.most) known.clear()
    if (isKept && key.length <= this.limits.longest) known.set(key, plan)
    return plan
  }
}
