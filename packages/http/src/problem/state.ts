// Problems of what is there: existence, preconditions, conflicts

import type { ProblemKind } from './kind.ts'

export const stateProblems: readonly ProblemKind[] = [
  {
    code: 'idempotency-key-required',
    status: 400,
    title: 'Idempotency key required',
    explanation:
      'This resource counts a write once even if it is sent twice, and needs a key from the caller to recognise a repeat. The request carried none.',
    cure: 'Send an Idempotency-Key field with a new random value, such as a UUID, and the same value in each repeat.',
    messages: {
      en: 'The app did not protect this action against being done twice. Please update the app.',
      ru: 'Приложение не защитило это действие от повторного выполнения. Обновите приложение.',
      vi: 'Ứng dụng chưa bảo vệ thao tác này khỏi bị thực hiện hai lần. Vui lòng cập nhật ứng dụng.',
    },
    source: 'draft-ietf-httpapi-idempotency-key-header-07 §2.7',
  },
  {
    code: 'idempotency-key-invalid',
    status: 400,
    title: 'Invalid idempotency key',
    explanation: 'The Idempotency-Key field is empty, too long, has several values, or is not a quoted string.',
    cure: 'Send one key of at most 255 characters in double quotes, such as a UUID.',
    messages: {
      en: 'The app marked this action in a way the service cannot read. Please update the app.',
      ru: 'Приложение пометило это действие так, что сервис не может прочитать метку. Обновите приложение.',
      vi: 'Ứng dụng đánh dấu thao tác này theo cách mà dịch vụ không đọc được. Vui lòng cập nhật ứng dụng.',
    },
    source: 'draft-ietf-httpapi-idempotency-key-header-07 §2.1',
  },
  {
    code: 'idempotency-key-in-use',
    status: 409,
    title: 'Idempotency key in use',
    explanation: 'A request with the same Idempotency-Key is still being worked on. This one was not carried out.',
    cure: 'Wait as long as Retry-After says and repeat the same request with the same key to get the first answer.',
    messages: {
      en: 'This is already being processed. Please wait a moment.',
      ru: 'Этот запрос уже выполняется. Подождите немного.',
      vi: 'Yêu cầu này đang được xử lý. Vui lòng chờ một lát.',
    },
    source: 'draft-ietf-httpapi-idempotency-key-header-07 §2.7',
  },
  {
    code: 'idempotency-key-reused',
    status: 422,
    title: 'Idempotency key reused',
    explanation:
      'This Idempotency-Key was already used for a request that differs in method, target or content. Replaying the first answer would be wrong, so nothing was done.',
    cure: 'Take a new key for each new request; keep the old one only for an unchanged repeat.',
    messages: {
      en: 'The app mixed up two different actions, so nothing was changed. Please try again.',
      ru: 'Приложение перепутало два разных действия, поэтому ничего не изменилось. Попробуйте ещё раз.',
      vi: 'Ứng dụng đã nhầm lẫn hai thao tác khác nhau nên chưa có gì thay đổi. Vui lòng thử lại.',
    },
    source: 'draft-ietf-httpapi-idempotency-key-header-07 §2.7',
  },
  {
    code: 'not-found',
    status: 404,
    title: 'Not found',
    explanation: 'The collection exists, but it has no item with this id and none is known to have been there.',
    cure: 'Check the id. Look the item up in the collection instead of building its address.',
    messages: {
      en: 'We could not find what you are looking for.',
      ru: 'Не удалось найти то, что вы ищете.',
      vi: 'Không tìm thấy nội dung bạn cần.',
    },
    source: 'RFC 9110 §15.5.5',
  },
  {
    code: 'gone',
    status: 410,
    title: 'Gone',
    explanation: 'The item was here and has been deleted.',
    cure: 'Remove links to it.',
    messages: {
      en: 'This has been deleted.',
      ru: 'Этот объект удалён.',
      vi: 'Nội dung này đã bị xóa.',
    },
    source: 'RFC 9110 §15.5.11',
  },
  {
    code: 'change-token-expired',
    status: 410,
    title: 'Change token expired',
    explanation:
      'The token names a moment too long ago, or one that the database of this service never had: what was deleted since is not known any more.',
    cure: 'Ask again without a token, take everything as new, and go on with the token of that answer.',
    messages: {
      en: 'It has been too long since the last update. Everything needs to be loaded again.',
      ru: 'С последнего обновления прошло слишком много времени. Нужно загрузить все данные заново.',
      vi: 'Đã quá lâu kể từ lần cập nhật trước. Cần tải lại toàn bộ dữ liệu.',
    },
    source: 'RFC 9110 §15.5.11',
  },
  {
    code: 'change-token-invalid',
    status: 400,
    title: 'Invalid change token',
    explanation: 'What was sent to say since when changes are wanted is no token that this service gave.',
    cure: 'Send a token exactly as an earlier answer gave it, or none to get everything.',
    messages: {
      en: 'The app lost track of its last update. Please refresh everything.',
      ru: 'Приложение потеряло отметку о последнем обновлении. Обновите все данные.',
      vi: 'Ứng dụng mất dấu lần cập nhật gần nhất. Vui lòng làm mới toàn bộ.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'invalid-precondition',
    status: 400,
    title: 'Invalid precondition',
    explanation:
      'A precondition field, such as If-Match, cannot be read. Acting without it could overwrite the change of somebody else, so nothing was done.',
    cure: 'Send the entity tag exactly as the ETag field gave it, with its quotes.',
    messages: {
      en: 'The app checked for changes in a way the service cannot read. Please update the app.',
      ru: 'Приложение проверило изменения способом, который сервис не понимает. Обновите приложение.',
      vi: 'Ứng dụng kiểm tra thay đổi theo cách mà dịch vụ không đọc được. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §13.1',
  },
  {
    code: 'precondition-failed',
    status: 412,
    title: 'Precondition failed',
    explanation:
      'The request should only be carried out in a certain state, and the resource is in another: somebody changed it after the caller read it, or it exists where it should not. Nothing was changed.',
    cure: 'Read the resource again, apply the change to what is there now, and repeat with the new entity tag.',
    messages: {
      en: 'Someone else has changed this in the meantime. Please look at the newest version and try again.',
      ru: 'За это время данные изменил кто-то другой. Посмотрите последнюю версию и попробуйте ещё раз.',
      vi: 'Trong lúc đó, dữ liệu đã được người khác thay đổi. Vui lòng xem bản mới nhất rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.13',
  },
  {
    code: 'precondition-required',
    status: 428,
    title: 'Precondition required',
    explanation:
      'This resource may only be changed by a request that names the state it was read in, so that no change is lost. The request carried no precondition.',
    cure: 'Read the resource, then repeat the request with If-Match and the entity tag from its ETag field.',
    messages: {
      en: 'The app did not check for changes made by others. Please update the app.',
      ru: 'Приложение не проверило, изменил ли данные кто-то другой. Обновите приложение.',
      vi: 'Ứng dụng chưa kiểm tra thay đổi của người khác. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 6585 §3',
  },
  {
    code: 'range-not-satisfiable',
    status: 416,
    title: 'Range not satisfiable',
    explanation:
      'None of the ranges asked for lies within the representation. The Content-Range field tells how long it is.',
    cure: 'Ask for a range within that length, or for the whole by leaving the Range field out.',
    messages: {
      en: 'The download could not be continued. Please start it again.',
      ru: 'Не удалось продолжить загрузку. Начните её заново.',
      vi: 'Không thể tiếp tục tải xuống. Vui lòng tải lại từ đầu.',
    },
    source: 'RFC 9110 §15.5.17',
  },
  {
    code: 'mismatching-upload-offset',
    type: 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset',
    status: 409,
    title: 'Mismatching upload offset',
    explanation: 'The content was to be appended to an upload at another place than where it ends.',
    cure: 'Ask for the offset with HEAD, and send what comes after it.',
    messages: {
      en: 'The upload was interrupted. It has to go on from another place. Please try again.',
      ru: 'Загрузка была прервана и должна продолжиться с другого места. Попробуйте ещё раз.',
      vi: 'Việc tải lên bị gián đoạn và phải tiếp tục từ vị trí khác. Vui lòng thử lại.',
    },
    source: 'draft-ietf-httpbis-resumable-upload-12 §7.1',
  },
]
