// What an answer says to the browser of a page from elsewhere.
import { corsFields } from '@comity/http'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** Fetch §3.3.3: what depends on the origin says so, also to who has none. */
export function withCors(x: Exchange, answer: Answer): Answer {
  const { cors } = x.runtime
  if (cors === undefined) return answer
  const { vary } = answer.fields
  const varies = cors.origins.includes('*') || vary === '*' ? vary : vary ? `${vary}, origin` : 'origin'
  return {
    ...answer,
    fields: { ...answer.fields, ...corsFields(cors, x.field('origin')), ...(varies !== undefined && { vary: varies }) },
  }
}
