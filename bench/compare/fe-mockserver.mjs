// SAP's fe-mockserver behind Node's HTTP server, with the model of the CAP server as EDMX and rows from files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import cds from '@sap/cds'
import mockserver from '@sap-ux/fe-mockserver-core'
import express from 'express'
import { rowsOf } from '../serving/rows.mjs'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGTERM', () => process.exit())

const { accounts, contacts } = rowsOf(Number(process.env.ACCOUNTS), Number(process.env.CONTACTS))
const model = await cds.load([new URL('cap/srv/bench.cds', import.meta.url).pathname])
writeFileSync(join(folder, 'metadata.xml'), cds.compile.to.edmx(model, { service: 'Bench' }))
writeFileSync(join(folder, 'accounts.json'), JSON.stringify(accounts))
writeFileSync(
  join(folder, 'contacts.json'),
  JSON.stringify(contacts.map(({ accountid, ...contact }) => ({ ...contact, parentcustomerid_accountid: accountid }))),
)

const { default: FEMockserver } = mockserver
const server = new FEMockserver({
  services: [
    {
      urlPath: '/api/data/v9.2',
      metadataPath: join(folder, 'metadata.xml'),
      mockdataPath: folder,
      generateMockData: false,
      watch: false,
    },
  ],
  annotations: [],
})
await server.isReady
createServer(express().use(server.getRouter())).listen(Number(process.env.PORT), '127.0.0.1')
