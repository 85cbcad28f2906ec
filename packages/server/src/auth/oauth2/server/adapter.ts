// Where oidc-provider keeps what it must remember: the API's own database.
import type { Signature } from '../../../store/audit.ts'
import type { NewRecord } from '../../../store/records.ts'
import type { Store } from '../../../store/store.ts'
import { nameOfCaller } from '../../caller.ts'
import { noted } from '../../keeping.ts'
import { clientById } from './clients.ts'
import { metadataOf } from './metadata.ts'
import type { Payload, ProviderErrors } from './provider-types.ts'
import { recordKind } from './records.ts'

/** What anybody can begin without saying who they are: so many may be open at once. */
const opened: ReadonlySet<string> = new Set(['Interaction', 'Session'])
const usualMost = 10_000

export type AdapterContext = {
  readonly store: Store
  /** Ms since the epoch. */
  readonly now: () => number
  readonly errors: ProviderErrors
  /** 10,000 by default. */
  readonly mostOpened?: number
}

export interface ModelAdapter {
  /** `expiresIn` in seconds. */
  upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<Payload | undefined>
  findByUserCode(): Promise<undefined>
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

/** One for each model of oidc-provider, by its name. */
export function adapterOf({
  store,
  now,
  errors,
  mostOpened = usualMost,
}: AdapterContext): new (
  model: string,
) => ModelAdapter {
  const begun = new Map<string, number[]>()

  /** Throws where too many of them were begun in the time that they last. */
  function admit(model: string, expires: number): void {
    const ends = (begun.get(model) ?? []).filter(end => end > now())
    if (ends.length >= mostOpened) throw new errors.TemporarilyUnavailable('too many people are signing in')
    ends.push(expires)
    begun.set(model, ends)
  }

  return class Adapter implements ModelAdapter {
    readonly #model: string
    readonly #kind: string
    constructor(model: string) {
      this.#model = model
      this.#kind = recordKind(model)
    }

    async upsert(id: string, payload: Payload, expiresIn?: number): Promise<void> {
      const expires = expiresIn === undefined ? undefined : now() + expiresIn * 1000
      if (expires !== undefined && opened.has(this.#model) && (await store.record(this.#kind, id)) === undefined)
        admit(this.#model, expires)
      await store.write(async tx => {
        const isNew = this.#model === 'Grant' && (await tx.record(this.#kind, id)) === undefined
        await tx.putRecord(this.#kind, id, { value: payload, expires, names: namesOf(payload) })
        if (!isNew) return
        tx.signed(granter(payload))
        await noted(tx, 'created', 'grants', id)
      })
    }

    async find(id: string): Promise<Payload | undefined> {
      if (this.#model === 'Client') {
        const client = await clientById(store, id)
        return client && metadataOf(client)
      }
      return (await store.record(this.#kind, id))?.value as Payload | undefined
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return (await store.recordsNamed(this.#kind, 'uid', uid, 1))[0]?.value as Payload | undefined
    }

    async findByUserCode(): Promise<undefined> {
      return undefined
    }

    /** RFC 6749 §10.5: of two requests with one code, that come at the same moment, one has it. */
    async consume(id: string): Promise<void> {
      const outcome = await store.write(async tx => {
        const record = await tx.record(this.#kind, id)
        if (record === undefined || record.value.consumed !== undefined) return 'taken'
        const { value, expires } = record
        const consumed: NewRecord['value'] = { ...value, consumed: Math.floor(now() / 1000) }
        await tx.putRecord(this.#kind, id, { value: consumed, expires, names: namesOf(value as Payload) })
        return 'consumed'
      })
      if (outcome === 'taken') throw new errors.InvalidGrant('it was used at the same moment')
    }

    async destroy(id: string): Promise<void> {
      await store.write(async tx => {
        const was = await tx.removeRecord(this.#kind, id)
        if (was && this.#model === 'Grant') await noted(tx, 'revoked', 'grants', id)
      })
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await store.write(tx => tx.removeRecordsNamed(this.#kind, 'grant', grantId))
    }
  }
}

function namesOf({ grantId, uid, clientId, accountId }: Payload): Record<string, string> {
  const names: Record<string, string> = {}
  if (typeof grantId === 'string') names.grant = grantId
  if (typeof uid === 'string') names.uid = uid
  if (typeof clientId === 'string') names.client = clientId
  if (typeof accountId === 'string') names.account = accountId
  return names
}

/** Who lets a client act for them. */
const granter = ({ accountId, clientId }: Payload): Signature => ({
  request: '',
  caller: nameOfCaller({ kind: 'account', id: String(accountId) }),
  scheme: '',
  via: String(clientId),
  address: '',
  method: '',
  path: '',
})
