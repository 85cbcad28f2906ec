import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disagreement, isActive, sniff } from './sniff.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

test('what bytes show', async () => {
  const rows: [string | Buffer, string][] = [
    ['<!DOCTYPE html><p>', 'markup text/html'],
    [' \n<HTML>', 'markup text/html'],
    ['\ufeff<script>alert(1)</script>', 'markup text/html'],
    ['<!-- x --><script >', 'markup text/html'],
    ['<!--', 'markup text/html'],
    [utf16('<html >'), 'markup text/html'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'markup image/svg+xml'],
    ['<?xml version="1.0"?><!-- a --><svg onload="x">', 'markup image/svg+xml'],
    ['<?xml version="1.0"?><x:svg xmlns:x="http://www.w3.org/2000/svg">', 'markup image/svg+xml'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', 'markup text/html'],
    ['<?xml version="1.0"?><feed>', 'markup text/xml'],
    ['<b and c', 'markup text/html'],
    ['<better', 'text text/plain'],
    ['a < b', 'text text/plain'],
    ['héllo', 'text text/plain'],
    ['', 'text text/plain'],
    [Buffer.from([0, 1, 2, 3]), 'nothing '],
    [Buffer.from([0x41, 0x80, 0x41]), 'nothing '],
    [png, 'signature image/png'],
    ['GIF89a<script>', 'signature image/gif'],
    ['%PDF-1.4\n', 'signature application/pdf'],
    [Buffer.from('1f8b0800000000000003', 'hex'), 'signature application/gzip'],
  ]
  for (const [bytes, expected] of rows) {
    const shown = await sniff(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    assert.equal(`${shown.kind} ${'essence' in shown ? shown.essence : ''}`, expected, bytes.toString())
  }
})

test('what may be declared', async () => {
  const rows: [string, string | Buffer, 'may' | 'may not'][] = [
    ['image/png', png, 'may'],
    ['image/jpeg', png, 'may not'],
    ['image/png', '<html>', 'may not'],
    ['image/png', 'text', 'may not'],
    ['image/svg+xml', '<svg>', 'may'],
    ['image/tiff', '<svg >', 'may not'],
    ['video/mp4', '<script>', 'may not'],
    ['application/pdf', '<html>', 'may not'],
    ['application/pdf', 'GIF89a', 'may not'],
    ['application/pdf', '%PDF-1.7', 'may'],
    ['text/plain', '<html>', 'may'],
    ['text/csv', '<html>', 'may'],
    ['application/json', '<html>', 'may'],
    ['application/octet-stream', '<html>', 'may'],
    ['application/vnd.acme', '<html>', 'may not'],
    ['application/vnd.acme', Buffer.from([0, 1]), 'may'],
    ['text/html', '<html>', 'may'],
    ['application/zip', Buffer.from('504b0304', 'hex'), 'may'],
    ['application/zip', 'MZ', 'may not'],
  ]
  for (const [declared, bytes, verdict] of rows) {
    const shown = await sniff(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    assert.equal(disagreement(declared, shown) === undefined ? 'may' : 'may not', verdict, `${declared}: ${bytes}`)
  }
})

test('types that browsers may run', () => {
  for (const type of ['text/html', 'image/svg+xml', 'application/xml', 'application/atom+xml', 'text/javascript'])
    assert.ok(isActive(type), type)
  for (const type of ['multipart/x-mixed-replace', 'multipart/related', 'multipart/mixed'])
    assert.ok(isActive(type), type)
  for (const type of ['text/plain', 'image/png', 'application/json', 'text/csv', 'application/pdf'])
    assert.ok(!isActive(type), type)
})
