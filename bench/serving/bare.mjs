// What Node's HTTP server can do: whatever is asked, it is answered with the same bytes. `PUT /answer` says which.
import { createServer } from 'node:http'

let [status, body] = [200, '{}']

createServer((incoming, outgoing) => {
  if (incoming.method === 'GET') return answer(outgoing)
  const chunks = []
  incoming.on('data', (chunk) => chunks.push(chunk))
  incoming.on('end', () => {
    if (incoming.url === '/answer') {
      status = Number(incoming.headers['x-status'])
      body = Buffer.concat(chunks).toString('utf8')
    }
    answer(outgoing)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')

function answer(outgoing) {
  if (status === 204) return outgoing.writeHead(204, { 'OData-Version': '4.0' }).end()
  outgoing.writeHead(status, {
    'Content-Type': 'application/json; odata.metadata=minimal',
    'OData-Version': '4.0',
    'Content-Length': Buffer.byteLength(body),
  })
  outgoing.end(body)
}
