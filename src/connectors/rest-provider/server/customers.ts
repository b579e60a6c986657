import { askConnector, listFromConnector } from '../../run-connector.ts'
import { offered, type Served } from '../../serving/served.ts'
import { toAddress } from '../from-wire.ts'
import { addressValidationStatus, type Wire } from '../models.ts'
import { toWireAddress } from '../to-wire.ts'
import type { RouteRequest } from './app.ts'
import { toAcceptance, toCustomerToCreate } from './from-model.ts'
import { readBody } from './read-body.ts'
import { toAgreement, toCustomer } from './to-model.ts'

const addressStatuses = {
  valid: addressValidationStatus.success,
  invalid: addressValidationStatus.error,
  unknown: addressValidationStatus.couldNotValidate,
} as const

/** The routes of customers, their addresses, domains and agreements. */
export function customerHandlers(served: Served) {
  const { connector, contextFor } = served
  const { customers, agreements } = connector

  return {
    async checkDomain({ params }: RouteRequest) {
      const isAvailable = offered(served, customers?.isDomainAvailable, 'a check of domains')
      const context = contextFor()
      return askConnector(connector, context, () => isAvailable(context, params.domain!))
    },

    /** A provider that checks none says so: the contract has a status for it. */
    async validateAddress({ content }: RouteRequest): Promise<Wire<'AddressValidationResponse'>> {
      const originalAddress = readBody('Address', content)
      const validate = customers?.validateAddress
      if (!validate) {
        return {
          originalAddress,
          suggestedAddresses: [],
          validationMessage: `${connector.title} does not validate addresses.`,
          addressValidationStatus: addressValidationStatus.couldNotValidate,
        }
      }
      const context = contextFor()
      const report = await askConnector(connector, context, () => validate(context, toAddress(originalAddress)))
      return {
        originalAddress,
        suggestedAddresses: report.suggestions.map(toWireAddress),
        validationMessage: report.message ?? null,
        addressValidationStatus: addressStatuses[report.status],
      }
    },

    async listCustomers() {
      const { list } = offered(served, customers, 'its customers')
      const context = contextFor()
      const models: Wire<'Customer'>[] = []
      for await (const customer of listFromConnector(connector, context, () => list(context)))
        models.push(toCustomer(customer))
      return models
    },

    async getCustomer({ params }: RouteRequest) {
      const { find, list } = offered(served, customers, 'its customers')
      const context = contextFor()
      if (find) {
        const found = await askConnector(connector, context, () => find(context, params.id!))
        return found && toCustomer(found)
      }
      for await (const customer of listFromConnector(connector, context, () => list(context)))
        if (customer.id === params.id) return toCustomer(customer)
      return null
    },

    async createCustomer({ content, key }: RouteRequest) {
      const customer = toCustomerToCreate(readBody('Customer', content))
      const create = offered(served, customers?.create, 'the creation of customers')
      const context = contextFor(key)
      return toCustomer(await askConnector(connector, context, () => create(context, customer)))
    },

    async listAgreements({ params }: RouteRequest) {
      const { list } = offered(served, agreements, 'agreements')
      const context = contextFor()
      const models: Wire<'Agreement'>[] = []
      for await (const one of listFromConnector(connector, context, () => list(context, { id: params.id! })))
        models.push(toAgreement(one))
      return models
    },

    async createAgreement({ content, key }: RouteRequest) {
      const { customerId, ...acceptance } = toAcceptance(readBody('Agreement', content))
      const accept = offered(served, agreements?.accept, 'the confirmation of agreements')
      const context = contextFor(key)
      return toAgreement(await askConnector(connector, context, () => accept(context, { id: customerId }, acceptance)))
    },
  }
}
