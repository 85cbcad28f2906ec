// RFC 9110 §11.5: what a protection space is called. A field has no letters beyond ASCII that every client reads alike.

/** The name as it is sent, and as Digest hashes it. */
export function realmOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
  return plain === '' ? 'API' : plain
}
