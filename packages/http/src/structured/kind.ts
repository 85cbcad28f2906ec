// RFC 9651 §3: structured data types

/** An integer is a plain number, at most 15 digits; the other kinds that JavaScript has no word for carry a `kind`. */
export type BareItem = number | string | boolean | Decimal | Token | Bytes | DateItem | DisplayString

/** §3.3.2: at most 12 digits before the point and 3 after; `1.0` is not the integer `1`. */
export type Decimal = { readonly kind: 'decimal'; readonly value: number }
/** §3.3.4: a bare word. */
export type Token = { readonly kind: 'token'; readonly text: string }
/** §3.3.5: a byte sequence, Base64 on the wire. */
export type Bytes = { readonly kind: 'bytes'; readonly bytes: Uint8Array }
/** §3.3.7: whole seconds since the epoch. */
export type DateItem = { readonly kind: 'date'; readonly seconds: number }
/** §3.3.8: text beyond ASCII, percent-encoded UTF-8 on the wire. */
export type DisplayString = { readonly kind: 'display'; readonly text: string }

/** §3.1.2: keys in lower case, in the order sent; of two alike the last counts. */
export type Parameters = ReadonlyMap<string, BareItem>
/** §3.3 */
export type Item = readonly [value: BareItem, parameters: Parameters]
/** §3.1.1 */
export type InnerList = readonly [items: readonly Item[], parameters: Parameters]
/** §3.1 */
export type List = readonly (Item | InnerList)[]
/** §3.2 */
export type Dictionary = ReadonlyMap<string, Item | InnerList>
