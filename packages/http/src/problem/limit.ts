// Problems of how much and how often

import type { ProblemKind } from './kind.ts'

export const limitProblems: readonly ProblemKind[] = [
  {
    code: 'quota-exhausted',
    status: 402,
    title: 'Quota exhausted',
    explanation:
      'The plan of this caller covers a number of requests or an amount of data, and all of it has been used. Waiting helps only when the plan is renewed.',
    cure: 'Enlarge the plan, or wait until it is renewed.',
    messages: {
      en: 'Your plan has been used up. Please upgrade it, or wait until it is renewed.',
      ru: 'Лимит вашего тарифа исчерпан. Перейдите на другой тариф или дождитесь обновления лимита.',
      vi: 'Bạn đã dùng hết hạn mức của gói. Vui lòng nâng cấp gói hoặc chờ đến kỳ gia hạn.',
    },
    source: 'RFC 9110 §15.5.3',
  },
  {
    code: 'rate-limited',
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    status: 429,
    title: 'Too many requests',
    explanation:
      'This caller sent more requests in a short time than it may. The RateLimit field tells what is left and when it is refilled; Retry-After tells how long to wait.',
    cure: 'Wait as long as Retry-After says, then send requests more slowly.',
    messages: {
      en: 'Too many requests in a short time. Please wait a moment and try again.',
      ru: 'Слишком много запросов за короткое время. Подождите немного и попробуйте ещё раз.',
      vi: 'Quá nhiều yêu cầu trong thời gian ngắn. Vui lòng chờ một lát rồi thử lại.',
    },
    source: 'RFC 6585 §4',
  },
  {
    code: 'length-required',
    status: 411,
    title: 'Length required',
    explanation: 'The request has content but does not say how long it is, and the server wants to know beforehand.',
    cure: 'Send the Content-Length field.',
    messages: {
      en: 'The app did not say how much it was sending. Please update the app.',
      ru: 'Приложение не сообщило размер отправляемых данных. Обновите приложение.',
      vi: 'Ứng dụng không cho biết kích thước dữ liệu gửi đi. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.12',
  },
  {
    code: 'content-too-large',
    status: 413,
    title: 'Content too large',
    explanation: 'The content of the request is larger than the server takes here, as sent or once it is decompressed.',
    cure: 'Send less at once: split the content into several requests.',
    messages: {
      en: 'This is too large to send. Please make it smaller and try again.',
      ru: 'Отправляемые данные слишком велики. Уменьшите их и попробуйте ещё раз.',
      vi: 'Dữ liệu gửi đi quá lớn. Vui lòng giảm bớt rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.14',
  },
  {
    code: 'insufficient-storage',
    status: 507,
    title: 'Insufficient storage',
    explanation: 'The server has no room left to keep what the request would store. Nothing was stored.',
    cure: 'Remove what is no longer needed, or repeat the request once the operator has made room.',
    messages: {
      en: 'There is no storage space left. Nothing was saved. Please try again later.',
      ru: 'Место для хранения закончилось. Данные не сохранены. Попробуйте позже.',
      vi: 'Đã hết dung lượng lưu trữ. Chưa có gì được lưu. Vui lòng thử lại sau.',
    },
    source: 'RFC 4918 §11.5',
  },
]
