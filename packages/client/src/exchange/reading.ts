// Content in other forms than JSON. What reads CSV and XML is loaded when it is first used.

export type Row = Readonly<Record<string, string>>

/** RFC 4180: rows by the names in the first line; rows of another length are refused. */
export async function parseCsv(text: string): Promise<readonly Row[]> {
  const { parse } = await import('csv-parse/sync')
  return parse(text, { columns: true, bom: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n', '\r'] })
}

/** An element: what it holds in order of the document. Names are as written, prefixes included. */
export type XmlNode = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
  /** The text directly in it, joined. */
  readonly text: string
}

type Growing = { name: string; attributes: Record<string, string>; children: Growing[]; text: string }

const deepest = 256

/** @throws Error where it is not well-formed, holds a DOCTYPE (whose entities can grow without bound), or is too deep */
export async function parseXml(text: string): Promise<XmlNode> {
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser()
  const open: Growing[] = []
  let root: Growing | undefined
  parser.on('error', error => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a DOCTYPE is refused')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= deepest) throw new Error(`more than ${deepest} elements inside each other`)
    const node: Growing = { name, attributes: { ...attributes } as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(node)
    root ??= node
    open.push(node)
  })
  parser.on('closetag', () => void open.pop())
  const add = (piece: string) => {
    const node = open.at(-1)
    if (node !== undefined) node.text += piece
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(text.replace(/^\uFEFF/, '')).close()
  if (root === undefined) throw new Error('no element')
  return root
}

/** Lines that end with LF or CRLF; the last one may end with the content. */
export async function* splitLines(
  pieces: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
  limit: number,
  tooLong: () => Error,
): AsyncGenerator<string, void, undefined> {
  // Joined once for each line: a text that is added to and looked through again with each piece takes the square of it.
  let parts: string[] = []
  let size = 0
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true })
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      parts.push(text.slice(start, end))
      const line = parts.join('')
      yield line.endsWith('\r') ? line.slice(0, -1) : line
      parts = []
      size = 0
      start = end + 1
    }
    if (start < text.length) parts.push(text.slice(start))
    size += text.length - start
    if (size > limit) throw tooLong()
  }
  parts.push(decoder.decode())
  const last = parts.join('')
  if (last !== '') yield last
}
