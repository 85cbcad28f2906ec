// Problems of what is sent and what is wanted back

import type { ProblemKind } from './kind.ts'

export const contentProblems: readonly ProblemKind[] = [
  {
    code: 'unsupported-media-type',
    status: 415,
    title: 'Unsupported media type',
    explanation:
      'The content of the request is in a format that this resource does not read, or the Content-Type field is missing. The Accept-Post, Accept-Patch or Accept-Query field lists the formats it reads; for PUT, it is the Accept field.',
    cure: 'Convert the content to one of the listed formats and name it in the Content-Type field.',
    messages: {
      en: 'This kind of file or data is not supported here.',
      ru: 'Такой тип файла или данных здесь не поддерживается.',
      vi: 'Loại tệp hoặc dữ liệu này không được hỗ trợ ở đây.',
    },
    source: 'RFC 9110 §15.5.16',
  },
  {
    code: 'media-type-mismatch',
    status: 415,
    title: 'Content is not of its declared type',
    explanation: 'The content of the request was looked at, and it is not of the media type that is declared for it.',
    cure: 'Send the file with the media type that it has, or without one: then the server tells it by its bytes.',
    messages: {
      en: 'This file is not what its name or type says it is.',
      ru: 'Содержимое файла не соответствует его типу.',
      vi: 'Nội dung của tệp không đúng với loại đã khai báo.',
    },
    source: 'RFC 9110 §15.5.16',
  },
  {
    code: 'unsupported-content-coding',
    status: 415,
    title: 'Unsupported content coding',
    explanation:
      'The content of the request is compressed in a way that the server does not undo. The Accept-Encoding field of this response lists the codings it does.',
    cure: 'Send the content uncompressed, or with one of the listed codings.',
    messages: {
      en: 'The app packed the data in a way the service cannot unpack. Please update the app.',
      ru: 'Приложение сжало данные способом, который сервис не поддерживает. Обновите приложение.',
      vi: 'Ứng dụng đã nén dữ liệu theo cách mà dịch vụ không giải nén được. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.16',
  },
  {
    code: 'unsupported-content-language',
    status: 415,
    title: 'Unsupported content language',
    explanation:
      'The Content-Language field of the request names a language in which no texts are kept here, or more than one. The detail lists those that are.',
    cure: 'Name one of the listed languages, or leave the field out: the texts are then in the first of them.',
    messages: {
      en: 'This text cannot be saved in the language you chose.',
      ru: 'Этот текст нельзя сохранить на выбранном языке.',
      vi: 'Không thể lưu văn bản này bằng ngôn ngữ đã chọn.',
    },
    source: 'RFC 9110 §15.5.16',
  },
  {
    code: 'partial-put',
    status: 400,
    title: 'Part of a whole put',
    explanation:
      'A PUT carries Content-Range, so it holds a part only of what is to be at this place. A PUT replaces the whole.',
    cure: 'Send all of it without Content-Range; or change a part by PATCH. A large file can be sent in parts as a resumable upload.',
    messages: {
      en: 'This could not be saved because only a part of it was sent.',
      ru: 'Не удалось сохранить: отправлена только часть данных.',
      vi: 'Không thể lưu vì chỉ một phần dữ liệu được gửi.',
    },
    source: 'RFC 9110 §14.5',
  },
  {
    code: 'preference-unsupported',
    status: 400,
    title: 'Preference not supported',
    explanation:
      'The Prefer field contains "handling=strict" beside a preference that the server does not know or cannot honour here. Without "handling=strict" it would have been ignored. Or a dry run was asked for of work that cannot be undone.',
    cure: 'Remove the preference, or ask with "handling=lenient".',
    messages: {
      en: 'The app asked for something the service cannot do. Please update the app.',
      ru: 'Приложение запросило то, чего сервис не может выполнить. Обновите приложение.',
      vi: 'Ứng dụng yêu cầu điều mà dịch vụ không thể thực hiện. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 7240 §4.4',
  },
  {
    code: 'not-acceptable',
    status: 406,
    title: 'Not acceptable',
    explanation:
      'The server has no representation that the Accept fields of the request, or the extension in its path, allow. The alternatives are listed in the response.',
    cure: 'Ask for one of the listed alternatives, or add "*/*" with a low weight to the Accept field.',
    messages: {
      en: 'This is not available in the format the app asked for.',
      ru: 'Данные недоступны в том формате, который запросило приложение.',
      vi: 'Nội dung này không có ở định dạng mà ứng dụng yêu cầu.',
    },
    source: 'RFC 9110 §15.5.7',
  },
  {
    code: 'coding-not-acceptable',
    status: 406,
    title: 'Content coding not acceptable',
    explanation:
      'The Accept-Encoding field of the request excludes every form in which the answer can be sent: the codings it names are not offered here, and it forbids "identity", which is no coding at all. What is offered is listed in the response.',
    cure: 'Name one of the listed codings in Accept-Encoding, or leave "identity;q=0" and "*;q=0" out of it.',
    messages: {
      en: 'The app asked for data packed in a way the service cannot provide. Please update the app.',
      ru: 'Приложение запросило данные в сжатии, которого сервис не предлагает. Обновите приложение.',
      vi: 'Ứng dụng yêu cầu kiểu nén dữ liệu mà dịch vụ không hỗ trợ. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §12.5.3',
  },
  {
    code: 'invalid-query',
    status: 400,
    title: 'Invalid query',
    explanation:
      'A word of the query is unknown to this resource, or its value is not of the right kind or out of range. Unknown words are refused so that a misspelled filter does not return everything.',
    cure: 'Correct the parameters listed in "errors"; each names the nearest one that exists.',
    messages: {
      en: 'The search could not be understood. Please check what you asked for.',
      ru: 'Не удалось понять условия поиска. Проверьте их, пожалуйста.',
      vi: 'Không hiểu được điều kiện tìm kiếm. Vui lòng kiểm tra lại.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'malformed-content',
    status: 400,
    title: 'Malformed content',
    explanation:
      'The content of the request is not well-formed in the format its Content-Type names: a bracket is missing, text is not UTF-8, or it stops in the middle. Nesting that is too deep is refused in the same way.',
    cure: 'Write the content with a library for its format instead of by hand. "detail" tells where reading stopped.',
    messages: {
      en: 'The data could not be read. Please check it and try again.',
      ru: 'Не удалось прочитать данные. Проверьте их и попробуйте ещё раз.',
      vi: 'Không đọc được dữ liệu. Vui lòng kiểm tra và thử lại.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'undecodable-content',
    status: 400,
    title: 'Undecodable content',
    explanation:
      'The content of the request is not in the coding that its Content-Encoding names: it was cut, damaged, compressed in another way, or not at all. “deflate” is the zlib format, not bare deflate.',
    cure: 'Compress the content again and send all of it, or leave Content-Encoding out and send it as it is.',
    messages: {
      en: 'The data did not arrive whole. Please try again.',
      ru: 'Данные пришли повреждёнными. Попробуйте ещё раз.',
      vi: 'Dữ liệu nhận được không nguyên vẹn. Vui lòng thử lại.',
    },
    source: 'RFC 9110 §8.4',
  },
  {
    code: 'invalid-content',
    status: 400,
    title: 'Invalid content',
    explanation:
      'The content of the request is well-formed, but members are missing, unknown, of the wrong type or outside their limits. Each fault is listed in "errors" with a JSON Pointer to its place.',
    cure: 'Correct every member listed in "errors". The API description has the schema.',
    messages: {
      en: 'Some of the information is missing or not valid. Please check it and try again.',
      ru: 'Некоторые данные не заполнены или указаны неверно. Проверьте их и попробуйте ещё раз.',
      vi: 'Một số thông tin còn thiếu hoặc không hợp lệ. Vui lòng kiểm tra và thử lại.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'invalid-digest',
    status: 400,
    title: 'Invalid digest',
    explanation:
      'A Content-Digest or Repr-Digest field cannot be read, or its digest has not the length of its algorithm. Nothing was done, since the content could not be checked as it was meant to be.',
    cure: 'Send the digest as "sha-256=:BASE64:", with the padding, or leave the field out.',
    messages: {
      en: 'The app sent something the service could not read. Please update the app.',
      ru: 'Приложение отправило данные, которые сервис не смог прочитать. Обновите приложение.',
      vi: 'Ứng dụng đã gửi dữ liệu mà dịch vụ không đọc được. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9530 §2',
  },
  {
    code: 'digest-mismatch',
    status: 400,
    title: 'Digest mismatch',
    explanation:
      'The content that arrived has another digest than the Content-Digest or Repr-Digest field says: it was altered or cut on the way, or the digest was made of something else, such as the bytes before they were compressed. Nothing was done.',
    cure: 'Send the request again. If it fails again, compute the digest over exactly the bytes that are sent.',
    messages: {
      en: 'The data was damaged on the way. Please try again.',
      ru: 'Данные повредились при передаче. Попробуйте ещё раз.',
      vi: 'Dữ liệu bị hỏng trên đường truyền. Vui lòng thử lại.',
    },
    source: 'RFC 9530 §2',
  },
]
