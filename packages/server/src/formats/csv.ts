// RFC 4180: CSV, with a header row of member names. An empty cell is null, a quoted empty cell ("") is empty text.
import { stringify } from 'csv-stringify/sync'
import type { Field, Values } from '../model/model.ts'
import { parseCsv } from './csv-reader.ts'
import { csvRows } from './csv-stream.ts'
import type { Format, ListWriter, Shape } from './format.ts'
import { guardFormula } from './formula.ts'
import { formatText } from './text-form.ts'

/**
 * `text/csv`: a header row, then a row for each item, each ended by CRLF; rows ended by LF are read too. `json` members
 * hold JSON text. Text that a spreadsheet would take for a formula is guarded by an apostrophe.
 */
export const csv: Format<string> = {
  name: 'csv',
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  item: (values, shape) => {
    const writer = listWriter(shape)
    return writer.open() + writer.rows([values], true)
  },
  list: listWriter,
  parse: parseCsv,
  rows: csvRows,
}

// The last: a lone LF or CR is quoted too, which the library does by itself only where no delimiter is set.
const rules = { record_delimiter: '\r\n', quoted_match: /^$/, quote_record_delimiter: true }

function listWriter({ fields }: Shape): ListWriter<string> {
  return {
    open: () => stringify([fields.map(({ name }) => name)], rules),
    rows: rows =>
      rows.length === 0
        ? ''
        : stringify(
            rows.map(values => cellsOf(values, fields)),
            rules,
          ),
    close: () => '',
  }
}

function cellsOf(values: Values, fields: readonly Field[]): readonly (string | null)[] {
  return fields.map(({ name, kind }) => {
    const value = values[name]
    if (value === null || value === undefined) return null
    return kind === 'text' ? guardFormula(formatText(value, kind)) : formatText(value, kind)
  })
}
