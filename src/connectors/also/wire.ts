/**
 * What SimpleAPI sends and takes, as far as it is used. Names are case-sensitive. Published clients name services in two
 * ways, and fill in their fields accordingly; what is read is understood in either.
 */
export type NewSubscription = OrderOf<
  | { readonly ServiceId: string; readonly Fields: readonly FieldById[] }
  | { readonly ServiceName: string; readonly Fields: Readonly<Record<string, string>> }
>

type OrderOf<Service> = Service & { readonly ParentAccountId: string; readonly Quantity: number }

interface FieldById {
  readonly Id: string
  readonly Value?: string | null
}

export interface Subscription {
  /** The id of the subscription, which is an account below its customer's. */
  readonly AccountId: string | number
  readonly ServiceId?: string | null
  readonly ServiceName?: string | null
  readonly ServiceDisplayName?: string | null
  readonly Quantity?: number | null
  readonly AccountState?: string | null
  readonly Fields?: readonly FieldById[] | Readonly<Record<string, string | null>> | null
}

/** How a service is named: by its id, or by a name such as `141309_MicrosoftOrganizationtenant_54197`. */
export type ServiceWire = 'ServiceId' | 'ServiceName'

type OfService = Partial<Record<ServiceWire, string | null>>

export const serviceOf = ({ ServiceId, ServiceName }: OfService): string | undefined =>
  ServiceId ?? ServiceName ?? undefined

/** The field's value, whether the fields are a list or go by their names. */
export function fieldOf({ Fields }: Pick<Subscription, 'Fields'>, name: string): string | undefined {
  if (!Fields) return undefined
  const value = isList(Fields) ? Fields.find(({ Id }) => Id === name)?.Value : Fields[name]
  return value ?? undefined
}

const isList = (fields: NonNullable<Subscription['Fields']>): fields is readonly FieldById[] => Array.isArray(fields)
