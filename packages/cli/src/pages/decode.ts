// HTML §13.2.3.2: which encoding the bytes of a page are in.

const beginning = 1024

/** A byte order mark, else what Content-Type says, else what the page says of itself, else UTF-8 where it is that. */
export function decodePage(bytes: Uint8Array, contentType: string): string {
  const told = marked(bytes) ?? known(charsetOf(contentType)) ?? known(declared(bytes))
  if (told !== undefined) return new TextDecoder(told).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function marked([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  return a === 0xff && b === 0xfe ? 'utf-16le' : undefined
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]
}

function declared(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, beginning))
  const label = /<meta[^>]+charset\s*=\s*["']?\s*([^"'\s/>;]+)/i.exec(text)?.[1]
  // What could be read as ASCII is not UTF-16, whatever it says.
  return label !== undefined && /^utf-16/i.test(label) ? 'utf-8' : label
}

function known(label: string | undefined): string | undefined {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
