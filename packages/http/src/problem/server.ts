// Problems of the server and of those behind it

import type { ProblemKind } from './kind.ts'

export const serverProblems: readonly ProblemKind[] = [
  {
    code: 'service-unavailable',
    status: 503,
    title: 'Service unavailable',
    explanation:
      'The server cannot answer at the moment: it is starting, stopping, or something it needs does not respond. The state is expected to pass.',
    cure: 'Repeat the request later, not before the time that Retry-After names.',
    messages: {
      en: 'The service is not available at the moment. Please try again shortly.',
      ru: 'Сервис сейчас недоступен. Попробуйте ещё раз чуть позже.',
      vi: 'Dịch vụ hiện không khả dụng. Vui lòng thử lại sau ít phút.',
    },
    source: 'RFC 9110 §15.6.4',
  },
  {
    code: 'overloaded',
    status: 503,
    title: 'Overloaded',
    explanation:
      'More requests arrive than the server can answer in good time. It refuses some at once, so that the others are still served.',
    cure: 'Wait as long as Retry-After says, add a random delay, and repeat the request.',
    messages: {
      en: 'The service is very busy. Please try again in a moment.',
      ru: 'Сервис сильно загружен. Попробуйте ещё раз через некоторое время.',
      vi: 'Dịch vụ đang quá tải. Vui lòng thử lại sau giây lát.',
    },
    source: 'RFC 9110 §15.6.4',
  },
  {
    code: 'maintenance',
    status: 503,
    title: 'Under maintenance',
    explanation:
      'The operator has taken the service out of use for planned work. Retry-After tells when it is due back.',
    cure: 'Repeat the request after the time that Retry-After names.',
    messages: {
      en: 'The service is under maintenance. Please come back later.',
      ru: 'На сервисе ведутся технические работы. Зайдите позже.',
      vi: 'Dịch vụ đang được bảo trì. Vui lòng quay lại sau.',
    },
    source: 'RFC 9110 §15.6.4',
  },
  {
    code: 'read-only-mode',
    status: 503,
    title: 'Read-only mode',
    explanation: 'The service answers reads but accepts no changes for the moment, for instance while data is moved.',
    cure: 'Go on reading. Repeat the write later, not before the time that Retry-After names.',
    messages: {
      en: 'Changes cannot be saved at the moment. You can still view everything. Please try again later.',
      ru: 'Сейчас изменения сохранить нельзя, доступен только просмотр. Попробуйте позже.',
      vi: 'Hiện chưa thể lưu thay đổi, bạn vẫn có thể xem. Vui lòng thử lại sau.',
    },
    source: 'RFC 9110 §15.6.4',
  },
  {
    code: 'internal-error',
    status: 500,
    title: 'Internal error',
    explanation:
      'The server met a fault of its own while answering. It is not known to the caller what happened; the log of the server has it under the id of this occurrence.',
    cure: 'Report the id to the operator. A safe or idempotent request may be repeated once.',
    messages: {
      en: 'Something went wrong on our side. Please try again later.',
      ru: 'Что-то пошло не так на нашей стороне. Попробуйте позже.',
      vi: 'Đã xảy ra lỗi từ phía chúng tôi. Vui lòng thử lại sau.',
    },
    source: 'RFC 9110 §15.6.1',
  },
  {
    code: 'job-interrupted',
    status: 500,
    title: 'Job interrupted',
    explanation:
      'The server stopped while it worked on this job, and the work is not of a kind that may be begun again without being asked. Part of it may have been done.',
    cure: 'Look at what was done, and start the work again if it is still wanted.',
    messages: {
      en: 'The work was interrupted before it was finished. Please check the result and start it again.',
      ru: 'Работа была прервана до завершения. Проверьте результат и запустите её снова.',
      vi: 'Công việc bị gián đoạn trước khi hoàn tất. Vui lòng kiểm tra kết quả rồi bắt đầu lại.',
    },
    source: 'RFC 9110 §15.6.1',
  },
  {
    code: 'bad-gateway',
    status: 502,
    title: 'Bad gateway',
    explanation: 'A server that this one depends on for the answer sent something that could not be understood.',
    cure: 'Repeat the request later if it is safe or idempotent.',
    messages: {
      en: 'A service we depend on did not answer properly. Please try again later.',
      ru: 'Связанный сервис ответил с ошибкой. Попробуйте позже.',
      vi: 'Một dịch vụ liên quan phản hồi không đúng. Vui lòng thử lại sau.',
    },
    source: 'RFC 9110 §15.6.3',
  },
  {
    code: 'upstream-timeout',
    status: 504,
    title: 'Upstream timeout',
    explanation:
      'A server that this one depends on did not answer in time. It may or may not have done what it was asked.',
    cure: 'Repeat the request if it is safe or idempotent, or with the same Idempotency-Key.',
    messages: {
      en: 'A service we depend on took too long to answer. Please try again later.',
      ru: 'Связанный сервис слишком долго не отвечает. Попробуйте позже.',
      vi: 'Một dịch vụ liên quan phản hồi quá chậm. Vui lòng thử lại sau.',
    },
    source: 'RFC 9110 §15.6.5',
  },
  {
    code: 'loop-detected',
    status: 508,
    title: 'Loop detected',
    explanation: 'While following references the server came back to where it had been, and stopped.',
    cure: 'Remove the reference that closes the loop, or ask for fewer levels.',
    messages: {
      en: 'The data refers to itself in a circle, so it cannot be shown.',
      ru: 'Данные ссылаются сами на себя по кругу, поэтому показать их нельзя.',
      vi: 'Dữ liệu tham chiếu vòng lặp đến chính nó nên không thể hiển thị.',
    },
    source: 'RFC 5842 §7.2',
  },
]
