// Fills the database when it is there, before the first request is taken.
const cds = require('@sap/cds')

cds.on('served', async () => {
  const { rowsOf } = await import('../../serving/rows.mjs')
  const { accounts, contacts } = rowsOf(Number(process.env.ACCOUNTS), Number(process.env.CONTACTS))
  const linked = contacts.map(({ accountid, ...contact }) => ({ ...contact, parentcustomerid_accountid: accountid }))
  await cds.run(INSERT.into('Bench.accounts').entries(accounts))
  await cds.run(INSERT.into('Bench.contacts').entries(linked))
  if (process.env.INDEXED) await cds.run('CREATE INDEX contacts_account ON Bench_contacts (parentcustomerid_accountid)')
})
