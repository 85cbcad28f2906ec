// A person at a browser, as far as a server can tell: cookies by path, redirections, forms sent as they are shown.

export type Page = { readonly url: string; readonly status: number; readonly text: string; readonly headers: Headers }

export type Person = {
  /** Goes there, and on where that leads, until there is a page; or an address that `stopAt` begins. */
  readonly open: (url: string) => Promise<Page>
  /** Fills in the form of a page, and sends it by the button with this value. */
  readonly send: (page: Page, fields: Readonly<Record<string, string>>) => Promise<Page>
  readonly cookies: Map<string, { readonly value: string; readonly path: string; readonly line: string }>
}

/** `stopAt`: where the app listens; that address is not asked, and comes back as the page's URL. */
export function person(stopAt: string): Person {
  const cookies: Person['cookies'] = new Map()
  async function go(url: string, form?: URLSearchParams, from?: string): Promise<Page> {
    for (let step = 0; step < 15; step++) {
      if (url.startsWith(stopAt)) return { url, status: 0, text: '', headers: new Headers() }
      const { pathname, origin } = new URL(url)
      const cookie = [...cookies].filter(
        ([, { path }]) => pathname === path || pathname.startsWith(`${path.replace(/\/$/, '')}/`),
      )
      const response = await fetch(url, {
        redirect: 'manual',
        headers: {
          accept: 'text/html,*/*;q=0.8',
          cookie: cookie.map(([name, { value }]) => `${name.split(' ')[0]}=${value}`).join('; '),
          ...(form && { origin, 'sec-fetch-site': 'same-origin', referer: from ?? url }),
        },
        ...(form && { method: 'POST', body: form }),
      })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        const path = /; ?path=([^;]*)/i.exec(line)?.[1] ?? '/'
        if (/expires=Thu, 01 Jan 1970/i.test(line) || value === '') cookies.delete(`${name} ${path}`)
        else cookies.set(`${name} ${path}`, { value, path, line })
      }
      const location = response.headers.get('location')
      const text = await response.text()
      if (location === null) return { url, status: response.status, text, headers: response.headers }
      url = new URL(location, url).href
      form = undefined
    }
    throw new Error(`it leads nowhere: ${url}`)
  }
  return {
    cookies,
    open: url => go(url),
    send(page, fields) {
      const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1]
      if (action === undefined)
        throw new Error(`there is no form at ${page.url} (${page.status}): ${page.text.slice(0, 2_000)}`)
      const form = new URLSearchParams()
      for (const [input] of page.text.matchAll(/<input[^>]*>/g)) {
        const name = /name="([^"]*)"/.exec(input)?.[1]
        if (name !== undefined) form.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
      }
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      return go(new URL(action.replaceAll('&amp;', '&'), page.url).href, form, page.url)
    },
  }
}
