// Whole files, loaded when one is asked for.
export { download } from './download/download.ts'
