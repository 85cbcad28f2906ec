// XML 1.0 (fifth edition) without a DTD: what an API reads. saxes keeps the grammar; here its events become a tree
// within bounds, document types and processing instructions are refused, and a fault gets its place.
import { SaxesParser } from 'saxes'
import type { Bounds } from '../content/depth.ts'

/** An element: its children in order, and the text directly in it, exactly as it stands after §2.11. */
export type Element = {
  /** As written, with its prefix. */
  readonly name: string
  /** Without its prefix. */
  readonly localName: string
  /** Their values by their names as written. Without a prototype. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
  /** Position of its "<", in UTF-16 code units. */
  readonly at: number
}

export type XmlDocument =
  | { readonly kind: 'document'; readonly root: Element }
  | { readonly kind: 'malformed'; readonly detail: string; readonly at: number }

type Open = { -readonly [Key in keyof Element]: Element[Key] } & { readonly children: Element[] }

/** Characters: names in the content may be as long as the content. */
const longestDetail = 300

class Fault extends Error {
  readonly at: number
  constructor(detail: string, at: number) {
    super(detail.slice(0, longestDetail))
    this.at = at
  }
}

/** Whatever 1.x it says, a document is read by the rules of 1.0 (§2.8), where no reference is to a control character. */
const options = { xmlns: false, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' } as const

const loneAmpersand = /&(?!#?\w+;)/g

/**
 * Reads a document, of text that is well-formed Unicode, with at most `depth` nested elements, and `members` elements
 * and attributes. The place is that of the first fault: where an element starts, or where no document can go on.
 * Never throws.
 */
export function readXml(source: string, bounds: Bounds): XmlDocument {
  try {
    return { kind: 'document', root: readDocument(source, bounds) }
  } catch (error) {
    if (error instanceof Fault) return { kind: 'malformed', detail: error.message, at: error.at }
    throw error
  }
}

function readDocument(source: string, { depth, members: most }: Bounds): Element {
  const parser = new SaxesParser(options)
  const open: Open[] = []
  let root: Open | undefined
  let members = 0
  let done = 0 // the end of the last piece that was complete
  let stage: 'reading' | 'ending' = 'reading'

  parser.on('error', ({ message }) => fail(message))
  parser.on('xmldecl', ({ encoding = 'UTF-8' }) => {
    if (!/^utf-?8$/i.test(encoding)) throw new Fault(`The encoding ${encoding} is not read; send UTF-8.`, 0)
    complete()
  })
  parser.on('doctype', text => {
    throw new Fault('Declarations such as DOCTYPE are refused.', opening(text.length + 1))
  })
  parser.on('processinginstruction', ({ body }) => {
    throw new Fault('Processing instructions are refused.', opening(body.length + 2))
  })
  parser.on('comment', complete)
  parser.on('text', text => add(text, parser.position - 1))
  parser.on('cdata', text => add(text, parser.position))
  parser.on('attribute', () => count(parser.position - 1))
  parser.on('opentag', ({ name, attributes }) => {
    const at = opening()
    count(at)
    if (open.length >= depth) throw new Fault(`The content nests deeper than ${depth} elements.`, at)
    const element: Open = { name, localName: localNameOf(name), attributes, children: [], text: '', at }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
    complete()
  })
  parser.on('closetag', ({ name, isSelfClosing }) => {
    const at = opening()
    if (!isSelfClosing && !source.startsWith(`</${name}`, at)) throw new Fault(`Expected </${name}>.`, at)
    open.pop()
    complete()
  })
  parser.write(source)
  stage = 'ending'
  parser.close()
  if (!root) throw new Fault('Expected an element.', source.length)
  return root

  function complete(): void {
    done = parser.position
  }

  function add(text: string, end: number): void {
    const element = open.at(-1)
    if (element) element.text += text
    done = end
  }

  function count(at: number): void {
    if (++members > most) throw new Fault(`The content has more than ${most} elements and attributes.`, at)
  }

  /** Where the markup starts that is being read, of which the last `length` characters may hold "<" themselves. */
  function opening(length = 0): number {
    return source.lastIndexOf('<', parser.position - 1 - length)
  }

  function fail(message: string): never {
    // A reference is read up to the next ";", however far that is.
    loneAmpersand.lastIndex = done
    const ampersand = source.startsWith('<!', done) ? -1 : (loneAmpersand.exec(source)?.index ?? -1)
    if (ampersand >= 0 && ampersand < parser.position)
      throw new Fault('"&" must start a reference; alone it is "&amp;".', ampersand)
    const unclosed = open.at(-1)
    if (stage === 'reading') throw new Fault(sentence(message), Math.max(parser.position - 1, 0))
    if (/[^ \t\n\r]/.test(source.slice(done))) throw new Fault('The content ends within what starts here.', done)
    if (unclosed) throw new Fault(`The element ${unclosed.name} is not closed.`, unclosed.at)
    throw new Fault(sentence(message), source.length)
  }
}

const sentence = (message: string): string => `The content is not well-formed XML: ${message.replace(/\.?$/, '.')}`

const localNameOf = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1)
