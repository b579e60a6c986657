import { DataverseError, type OrganizationService } from '../service/index.ts'
import { notEmulated } from './refusals.ts'

/** Runs `body` in one transaction of the service; what it rejects with has undone everything. */
export async function inTransaction<T>(
  service: OrganizationService,
  what: string,
  body: (service: OrganizationService) => Promise<T>,
): Promise<T> {
  let begun = false
  try {
    const { result } = await service.execute('RunInTransaction', {
      body: (inner) => {
        begun = true
        return body(inner)
      },
    })
    return result as T
  } catch (error) {
    const unknown = !begun && DataverseError.isInstance(error) && error.name === 'CrmHttpError'
    throw unknown ? notEmulated(`${what}, for a service without transactions,`) : error
  }
}
