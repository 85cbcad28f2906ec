// Where somebody is in a list, as a text that can be kept and passed on.

export type Place = { readonly url: string; readonly skip: number }

export function tokenOf({ url, skip }: Place): string {
  const bytes = new TextEncoder().encode(`${skip} ${url}`)
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}

/** @throws TypeError where it is no token of `Pages` */
export function placeIn(token: string): Place {
  try {
    const bytes = Uint8Array.from(atob(token.replace(/-/g, '+').replace(/_/g, '/')), one => one.charCodeAt(0))
    const [, skip, url] = /^(\d{1,9}) (https?:\/\/.*)$/.exec(new TextDecoder().decode(bytes)) ?? []
    if (url !== undefined && URL.canParse(url)) return { url, skip: Number(skip) }
  } catch {
    // Said below.
  }
  throw new TypeError('`from` is no token of pages')
}
