// Names of what is saved into a folder: each its own, also where capitals make no difference.

/** RFC 9110 §8.3: the ending that goes with a type, where a name has none. */
const endings: Readonly<Record<string, string>> = {
  'image/avif': '.avif',
  'image/bmp': '.bmp',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/svg+xml': '.svg',
  'image/tiff': '.tiff',
  'image/vnd.microsoft.icon': '.ico',
  'image/webp': '.webp',
  'image/x-icon': '.ico',
}

/** `photo` and `image/png` are `photo.png`; a name that has an ending keeps it. */
export function withEnding(name: string, mediaType: string): string {
  return /[^.]\.[A-Za-z0-9]{1,8}$/.test(name) ? name : `${name}${endings[mediaType] ?? ''}`
}

export class Names {
  readonly #taken = new Set<string>()

  /** `logo.png`, and for the next that would be it `logo-2.png`. */
  take(name: string): string {
    const dot = name.lastIndexOf('.')
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    let free = name
    for (let count = 2; this.#taken.has(keyOf(free)); count++) free = `${stem}-${count}${ending}`
    this.#taken.add(keyOf(free))
    return free
  }
}

const keyOf = (name: string): string => name.normalize('NFC').toLowerCase()
