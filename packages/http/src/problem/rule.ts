// Problems of what may become of the state: conflicts and rules

import type { ProblemKind } from './kind.ts'

export const ruleProblems: readonly ProblemKind[] = [
  {
    code: 'conflict',
    status: 409,
    title: 'Conflict',
    explanation: 'The request is right in itself but does not fit the state the resource is in now.',
    cure: 'Read the resource, resolve the conflict that "detail" names, and repeat the request.',
    messages: {
      en: 'This does not fit the current state of the data. Please refresh and try again.',
      ru: 'Действие противоречит текущему состоянию данных. Обновите страницу и попробуйте ещё раз.',
      vi: 'Thao tác này không phù hợp với trạng thái hiện tại của dữ liệu. Vui lòng làm mới rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.10',
  },
  {
    code: 'already-exists',
    status: 409,
    title: 'Already exists',
    explanation:
      'Another item has the same value in a member that must be unique. "errors" names the member. Nothing was stored.',
    cure: 'Choose another value, or change the item that has it.',
    messages: {
      en: 'This value is already taken. Please choose another one.',
      ru: 'Такое значение уже занято. Выберите другое.',
      vi: 'Giá trị này đã được sử dụng. Vui lòng chọn giá trị khác.',
    },
    source: 'RFC 9110 §15.5.10',
  },
  {
    code: 'patch-test-failed',
    status: 409,
    title: 'Patch test failed',
    explanation:
      'A "test" operation of the JSON Patch found another value than it expects, or an operation names a place that does not exist. The patch was not applied, not even in part.',
    cure: 'Read the resource again and make the patch from what is there now.',
    messages: {
      en: 'The data has changed in the meantime. Please refresh and try again.',
      ru: 'Данные за это время изменились. Обновите страницу и попробуйте ещё раз.',
      vi: 'Dữ liệu đã thay đổi trong lúc đó. Vui lòng làm mới rồi thử lại.',
    },
    source: 'RFC 5789 §2.2, RFC 6902 §5',
  },
  {
    code: 'still-referenced',
    status: 409,
    title: 'Still referenced',
    explanation: 'Other items refer to this one, and would point to nothing if it were removed. Nothing was removed.',
    cure: 'Remove or change the items that refer to it first.',
    messages: {
      en: 'This is still in use elsewhere, so it cannot be deleted.',
      ru: 'Этот объект ещё используется, поэтому удалить его нельзя.',
      vi: 'Mục này vẫn đang được sử dụng ở nơi khác nên không thể xóa.',
    },
    source: 'RFC 9110 §15.5.10',
  },
  {
    code: 'rule-refused',
    status: 422,
    title: 'Refused by a rule',
    explanation:
      'The request is well-formed and valid, but a rule of the business does not allow what it asks for. Nothing was changed.',
    cure: 'Read "detail" for the rule, and ask for something it allows.',
    messages: {
      en: 'This is not allowed by the rules of the service.',
      ru: 'Правила сервиса не допускают этого действия.',
      vi: 'Quy định của dịch vụ không cho phép thao tác này.',
    },
    source: 'RFC 9110 §15.5.21',
  },
  {
    code: 'locked',
    status: 423,
    title: 'Locked',
    explanation: 'Somebody holds a lock on the resource, and it cannot be changed while the lock lasts.',
    cure: 'Repeat the request when the lock has been released, or send its token if it is yours.',
    messages: {
      en: 'Someone else is working on this right now. Please try again later.',
      ru: 'Сейчас с этими данными работает кто-то другой. Попробуйте позже.',
      vi: 'Người khác đang làm việc với nội dung này. Vui lòng thử lại sau.',
    },
    source: 'RFC 4918 §11.3',
  },
  {
    code: 'failed-dependency',
    status: 424,
    title: 'Failed dependency',
    explanation: 'This part of the request was not tried, because another part that it depends on failed.',
    cure: 'Correct the part that failed, and repeat the whole.',
    messages: {
      en: 'This could not be done because an earlier step failed.',
      ru: 'Действие не выполнено, потому что не удался один из предыдущих шагов.',
      vi: 'Không thể thực hiện vì một bước trước đó đã thất bại.',
    },
    source: 'RFC 4918 §11.4',
  },
  {
    code: 'too-many-files',
    status: 422,
    title: 'Too many files',
    explanation: 'There may be no more files in this place than there are.',
    cure: 'Delete files that are no longer needed, or replace one of them by PUT.',
    messages: {
      en: 'There is no place for more files here. Delete some and try again.',
      ru: 'Здесь больше нельзя разместить файлов. Удалите ненужные и попробуйте ещё раз.',
      vi: 'Không thể thêm tệp ở đây nữa. Hãy xóa bớt rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.21',
  },
]
