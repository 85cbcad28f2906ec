// HTML as a browser reads it: the tree, and what its relative addresses are relative to.
import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

export type Page = {
  readonly url: string
  /** HTML §2.4.3: the first `<base href>`, else the page's own address. */
  readonly base: string
  readonly title: string
  /** Those of the tree, in the order of the text; what stands in a `<template>` is not shown, and left out. */
  readonly elements: readonly Element[]
}

/** @param url where the text is from, redirections followed */
export function parsePage(html: string, url: string): Page {
  // Without scripts, as here, what stands in <noscript> is part of the page: often the images that scripts load late.
  const elements = elementsOf(parse(html, { scriptingEnabled: false }))
  const based = elements.find(element => element.tagName === 'base' && attribute(element, 'href') !== undefined)
  const title = elements.find(element => element.tagName === 'title')
  return {
    url,
    base: (based && resolved(attribute(based, 'href') ?? '', url)) ?? url,
    title: title === undefined ? '' : textOf(title),
    elements,
  }
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find(attr => attr.name === name)?.value
}

/** The words of a space-separated attribute, in lower case. */
export function tokens(element: Element, name: string): readonly string[] {
  return (attribute(element, name) ?? '').toLowerCase().split(/\s+/).filter(Boolean)
}

/** What a reader sees, its white space collapsed. */
export function textOf(element: Element): string {
  let text = ''
  for (const node of nodesOf(element)) if ('value' in node) text += node.value
  return text.replace(/\s+/g, ' ').trim()
}

/** Absolute and without its fragment where it is http(s); undefined where it is something else, or no address at all. */
export function resolved(reference: string, base: string): string | undefined {
  const url = URL.parse(reference.trim(), base)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined
}

export function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at === -1 ? url : url.slice(0, at)
}

function elementsOf(root: Node): readonly Element[] {
  return nodesOf(root).filter((node): node is Element => 'tagName' in node)
}

// Not by recursion: who writes a page may nest it as deep as they like.
function nodesOf(root: Node): readonly Node[] {
  const found: Node[] = []
  const left: Node[] = [root]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    found.push(node)
    if ('childNodes' in node)
      for (let at = node.childNodes.length - 1; at >= 0; at--) left.push(node.childNodes[at] as Node)
  }
  return found
}
