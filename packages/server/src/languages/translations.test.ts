import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Values } from '../model/model.ts'
import { fromLanguage, inLanguage } from './translations.ts'

const names = ['name', 'note']
const tea: Values = { id: '1', name: 'Tea', note: null, translations: { name: { ru: 'Чай', vi: 'Trà' } } }

const read: readonly (readonly [name: string, values: Values, language: string, seen: Values])[] = [
  ['a text that is there', tea, 'ru', { ...tea, name: 'Чай' }],
  ['one that is not', { ...tea, translations: {} }, 'ru', { ...tea, translations: {} }],
  [
    'nothing translated at all',
    { id: '1', name: 'Tea', translations: null },
    'vi',
    { id: '1', name: 'Tea', translations: null },
  ],
]
for (const [name, values, language, seen] of read)
  test(`read: ${name}`, () => assert.deepEqual(inLanguage(names, language, values), seen))

const written: readonly (readonly [name: string, values: Values, present: Values | undefined, kept: Values])[] = [
  ['what was read comes back', { ...tea, name: 'Чай' }, tea, { id: '1', translations: tea.translations }],
  ['a new text', { name: 'Чаёк' }, tea, { translations: { name: { ru: 'Чаёк', vi: 'Trà' } } }],
  [
    'a first text',
    { note: 'Зелёный' },
    tea,
    { translations: { name: { ru: 'Чай', vi: 'Trà' }, note: { ru: 'Зелёный' } } },
  ],
  ['null takes a text away', { name: null }, tea, { translations: { name: { vi: 'Trà' } } }],
  ['other members', { count: 1 }, tea, { count: 1 }],
  [
    'a new item: the one text stands for all',
    { name: 'Кофе', note: null },
    undefined,
    { name: 'Кофе', note: null, translations: { name: { ru: 'Кофе' } } },
  ],
  [
    'beside translations that are sent',
    { name: 'Чаёк', translations: { name: { vi: 'Chè' } } },
    tea,
    { translations: { name: { vi: 'Chè', ru: 'Чаёк' } } },
  ],
]
for (const [name, values, present, kept] of written)
  test(`written: ${name}`, () => assert.deepEqual(fromLanguage(names, 'ru', values, present), kept))
