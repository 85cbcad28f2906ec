// json-server on the same rows. A POST appends a row and writes the whole file; no balance moves.
import jsonServer from 'json-server'

const { data } = JSON.parse(process.argv[2] ?? '{}')
const app = jsonServer.create()
app.use(jsonServer.defaults({ logger: false }))
app.use(jsonServer.router(data))
const listener = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${listener.address().port}`))
process.once('SIGTERM', () => process.exit(0))
