// Whole files, loaded when one is asked for.
export { download } from './download/download.ts'
export { upload } from './upload/upload.ts'
