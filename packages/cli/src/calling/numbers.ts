// Flags that are whole numbers within bounds.
import { InvalidArgumentError } from 'commander'

export function readFrom(least: number, most: number): (word: string) => number {
  return word => {
    const number = /^\d{1,12}$/.test(word) ? Number(word) : Number.NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(`A whole number from ${least} to ${most.toLocaleString('en')} is expected.`)
  }
}
