import { idOf } from '../../query/index.ts'
import {
  dataverseError,
  logicalNameOf,
  type OrganizationService,
  type QueryExpression,
  type RequestOptions,
  type Row,
  type RowKey,
  type TableRef,
} from '../../service/index.ts'
import { refuseNoObject } from './arguments.ts'
import { Call } from './call.ts'
import { refuseWrongTypes } from './encode.ts'
import type { Environment } from './environment.ts'
import { findRow, lookUp } from './keys.ts'
import { associate } from './messages/associate.ts'
import { copyValues } from './messages/copy-values.ts'
import { create } from './messages/create.ts'
import { createRows } from './messages/create-multiple.ts'
import { deleteRow } from './messages/delete.ts'
import { execute } from './messages/execute.ts'
import { retrieve } from './messages/retrieve.ts'
import { retrieveMultiple } from './messages/retrieve-multiple.ts'
import { update } from './messages/update.ts'
import { updateRows } from './messages/update-multiple.ts'
import type { Session } from './session.ts'

/** The contract, as this session: each method is one message, served by its handler. */
export function createService(environment: Environment, session: Session): OrganizationService {
  const tableOf = (table: TableRef) => {
    if (typeof table !== 'string') refuseNoObject('A table', table)
    return environment.schema.table(logicalNameOf(table))
  }
  const call = (options?: RequestOptions) => {
    if (options !== undefined) refuseNoObject('The options of a request', options)
    return new Call(environment, session, options)
  }

  const service = {
    async create(table: TableRef, row: Row, options?: RequestOptions) {
      const request = call(options)
      const definition = tableOf(table)
      if (environment.steps.onSeveral && environment.steps.has('CreateMultiple', definition.logicalName)) {
        refuseWrongTypes(definition, row)
        const { Ids } = await request.perform(createRows(request, definition, [copyValues(row)]))
        return Ids[0]!
      }
      const { id } = await request.perform(create(request, definition, row))
      return id
    },
    async retrieve(table: TableRef, key: RowKey, columns?: readonly string[], options?: RequestOptions) {
      const request = call(options)
      const { BusinessEntity } = await request.perform(retrieve(request, tableOf(table), key, columns))
      return BusinessEntity
    },
    async update(table, key, changes, options = {}) {
      const request = call(options)
      const definition = tableOf(table)
      if (environment.steps.onSeveral && environment.steps.has('UpdateMultiple', definition.logicalName)) {
        refuseWrongTypes(definition, changes as Row)
        const id = idOf(findRow(request.view, definition, key))
        const row = { ...copyValues(changes as Row), [definition.primaryKey]: id }
        await request.perform(updateRows(request, definition, [row], options))
        return
      }
      await request.perform(update(request, definition, key, changes as Row, options))
    },
    async upsert(table, key, row, options) {
      const definition = tableOf(table)
      refuseNoObject(`A row of '${definition.logicalName}'`, row)
      const values = row as Row
      const update = async (id: string) => {
        const changes = Object.entries(values).filter(([name]) => typeof key === 'string' || !(name in key))
        await service.update(definition.logicalName, id, Object.fromEntries(changes), options)
        return { id, created: false }
      }
      const existing = lookUp(call().view, definition, key)
      if (existing) return update(idOf(existing))
      const identity = typeof key === 'string' ? { [definition.primaryKey]: key } : key
      try {
        return { id: await service.create(definition.logicalName, { ...identity, ...values }, options), created: true }
      } catch (error) {
        // Somebody created the row between the look and the creation: then it is theirs that is updated.
        const since = session.transaction ? undefined : lookUp(call().view, definition, key)
        if (!since) throw error
        return update(idOf(since))
      }
    },
    async delete(table, key, options = {}) {
      const request = call(options)
      await request.perform(deleteRow(request, tableOf(table), key, options))
    },
    async retrieveMultiple(query: QueryExpression, options?: RequestOptions) {
      refuseNoObject('A query', query)
      const request = call(options)
      const { BusinessEntityCollection } = await request.perform(retrieveMultiple(request, query))
      return BusinessEntityCollection
    },
    async associate(table, id, relationship, related, options) {
      const request = call(options)
      await request.perform(associate(request, 'Associate', tableOf(table), id, relationship, related))
    },
    async disassociate(table, id, relationship, related, options) {
      const request = call(options)
      await request.perform(associate(request, 'Disassociate', tableOf(table), id, relationship, related))
    },
    async execute(message: string, parameters: Readonly<Record<string, unknown>> = {}, options?: RequestOptions) {
      if (typeof message !== 'string') throw dataverseError('InvalidArgument', { reason: 'A message is a string.' })
      const request = call(options)
      return request.perform(execute(request, message, parameters))
    },
  } as OrganizationService
  return Object.freeze(service)
}
