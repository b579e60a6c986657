import { Refused } from '../../serving/refused.ts'
import type { Wire } from '../models.ts'
import { readModel } from '../wire.ts'

/** The model that a request carries. @throws Refused, in the sample's words, when it carries none. */
export function readBody<N extends 'Customer' | 'Agreement' | 'Subscription' | 'Address'>(
  name: N,
  content: unknown,
): Wire<N> {
  if (content === null) throw new Refused(400, `${name} body cannot be null!`)
  return readModel(name, content)
}
