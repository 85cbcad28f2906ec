// Writes db.json anew: always the same data, as its numbers come from a fixed seed.
// node examples/placeholder/generate.ts
import { writeFileSync } from 'node:fs'

const counts = { users: 10, posts: 100, comments: 500, albums: 100, photos: 500, todos: 200 } as const

/** Mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const next = numbersFrom(20_260_131)
const below = (count: number): number => Math.floor(next() * count)
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
const numbered = <T>(count: number, make: (id: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i + 1))
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** The owner of the nth of `all`, in even shares. */
const shared = (id: number, all: number, owners: number): number => Math.ceil((id * owners) / all)

const words = {
  given: ['Linh', 'Anton', 'Mara', 'Tuan', 'Vera', 'Joost', 'Amina', 'Pavel', 'Hoa', 'Ines'],
  family: ['Tran', 'Orlov', 'Keller', 'Pham', 'Sokolova', 'Brandt', 'Diallo', 'Novak', 'Nguyen', 'Marques'],
  city: ['Harbourview', 'Oldmill', 'Pinewater', 'Stonebridge', 'Lindenau', 'Saltmarsh', 'Quietford', 'Eastmeadow'],
  street: ['Lantern Lane', 'Ferry Road', 'Weaver Street', 'Orchard Row', 'Foundry Way', 'Canal Bank', 'Signal Hill'],
  trade: ['Kites', 'Clocks', 'Ferries', 'Bicycles', 'Maps', 'Lanterns', 'Bread', 'Telescopes', 'Radios', 'Boats'],
  form: ['Workshop', 'and Daughters', 'Cooperative', 'Works', 'Company'],
  promise: ['repaired while you wait', 'made to be mended', 'built to outlast us', 'sent by the morning tide'],
  adjective: [
    'quiet',
    'patient',
    'borrowed',
    'crooked',
    'early',
    'distant',
    'careful',
    'windy',
    'unfinished',
    'bright',
  ],
  thing: ['harbour', 'bicycle', 'letter', 'garden', 'staircase', 'lantern', 'ferry', 'kitchen', 'notebook', 'bridge'],
  place: ['by the river', 'under the roof', 'in the old town', 'behind the station', 'at the end of the pier'],
  start: ['Somebody left', 'I went looking for', 'We painted', 'My neighbour sold', 'Nobody remembers', 'They moved'],
  after: ['and it rained all week', 'before the shops opened', 'which took most of a day', 'and nobody minded'],
  reply: ['I would have done the same', 'That is not how I remember it', 'Thank you for writing this down'],
  doubt: ['though I wonder who paid for it', 'and I hope there is more', 'but the photographs tell another story'],
  verb: ['water', 'mend', 'paint', 'return', 'measure', 'photograph', 'carry home', 'ask about', 'write down'],
  hue: ['3b6ea5', 'a53b5f', '3ba56e', 'a58a3b', '6e3ba5', '3ba5a0', 'a5563b', '566a7f'],
} as const

const thing = (): string => `the ${pick(words.adjective)} ${pick(words.thing)}`
const sentence = (): string => `${pick(words.start)} ${thing()} ${pick(words.place)}, ${pick(words.after)}.`
const remark = (): string => `${pick(words.reply)} about ${thing()}, ${pick(words.doubt)}.`
const title = (): string => `${thing().slice(4)} ${pick(words.place)}`
const addressOf = (given: string, family: string): string => `${given}.${family}@example.org`.toLowerCase()
const degrees = (most: number): string => ((next() * 2 - 1) * most).toFixed(4)

const users = numbered(counts.users, id => {
  const given = words.given[id - 1] as string
  const family = words.family[id - 1] as string
  const trade = words.trade[id - 1] as string
  return {
    id,
    name: `${given} ${family}`,
    username: `${given.toLowerCase()}${below(90) + 10}`,
    email: addressOf(given, family),
    address: {
      street: pick(words.street),
      suite: `Flat ${below(40) + 1}`,
      city: pick(words.city),
      zipcode: String(10_000 + below(89_999)),
      geo: { lat: degrees(80), lng: degrees(170) },
    },
    phone: `+00 555 01${String(below(100)).padStart(2, '0')}`,
    website: `${family.toLowerCase()}.example`,
    company: {
      name: `${family} ${trade} ${pick(words.form)}`,
      catchPhrase: `${trade} ${pick(words.promise)}`,
      bs: `${pick(words.verb)} ${trade.toLowerCase()}`,
    },
  }
})

const posts = numbered(counts.posts, id => ({
  userId: shared(id, counts.posts, counts.users),
  id,
  title: title(),
  body: Array.from({ length: 2 + below(3) }, sentence).join('\n'),
}))

const comments = numbered(counts.comments, id => ({
  postId: shared(id, counts.comments, counts.posts),
  id,
  name: capital(title()),
  email: addressOf(pick(words.given), pick(words.family)),
  body: Array.from({ length: 1 + below(2) }, remark).join(' '),
}))

const albums = numbered(counts.albums, id => ({
  userId: shared(id, counts.albums, counts.users),
  id,
  title: title(),
}))

const photos = numbered(counts.photos, id => {
  const hue = pick(words.hue)
  return {
    albumId: shared(id, counts.photos, counts.albums),
    id,
    title: title(),
    url: `https://pictures.example/600/${hue}/${id}.png`,
    thumbnailUrl: `https://pictures.example/150/${hue}/${id}.png`,
  }
})

const todos = numbered(counts.todos, id => ({
  userId: shared(id, counts.todos, counts.users),
  id,
  title: `${pick(words.verb)} ${thing()}`,
  completed: next() < 0.45,
}))

const text = `${JSON.stringify({ users, posts, comments, albums, photos, todos }, undefined, 2)}\n`
writeFileSync(new URL('db.json', import.meta.url), text)
