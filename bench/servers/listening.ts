// Listening on a free port, telling the address, and ending when told to.
import type { Server } from 'node:http'

export function listening(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
  })
  process.once('SIGTERM', () => process.exit(0))
}
