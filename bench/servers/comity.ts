// This server: the bank as its users serve it, or with no memory for representations (`cache: 'off'`).
import { defineApi, serve } from '@comity/server'
import bank from '../../examples/bank/api.ts'

const { database, cache = 'on' } = JSON.parse(process.argv[2] ?? '{}')
const forgetful = () => defineApi({ ...bank.definition, limits: { ...bank.definition.limits, cache: 0 } })
const serving = await serve(cache === 'on' ? bank : forgetful(), { port: 0, database })
console.log(serving.url)
process.once('SIGTERM', () => serving.close())
