// The bank's own rows of the problem registry.
import type { ApiDefinition } from '@comity/server'

export const problems: NonNullable<ApiDefinition['problems']> = {
  'insufficient-funds': {
    status: 422,
    title: 'Insufficient funds',
    explanation: 'A current or savings account cannot go below zero, and this debit would take it there.',
    cure: 'Debit no more than the balance, or credit the account first.',
    messages: {
      en: 'There is not enough money in the account.',
      ru: 'На счёте недостаточно средств.',
      vi: 'Tài khoản không đủ số dư.',
    },
  },
  'same-account': {
    status: 400,
    title: 'The same account twice',
    explanation: 'A transfer goes from one account to another, and this one names the same account as both.',
    cure: 'Name two different accounts.',
    messages: {
      en: 'Please choose two different accounts.',
      ru: 'Выберите два разных счёта.',
      vi: 'Vui lòng chọn hai tài khoản khác nhau.',
    },
  },
  'different-currencies': {
    status: 422,
    title: 'Different currencies',
    explanation: 'A transfer moves one amount in one currency, and the two accounts hold different ones.',
    cure: 'Choose an account in the same currency.',
    messages: {
      en: 'The two accounts are in different currencies.',
      ru: 'Счета ведутся в разных валютах.',
      vi: 'Hai tài khoản dùng hai loại tiền khác nhau.',
    },
  },
  'sync-conflict': {
    status: 409,
    title: 'Changed on both sides',
    explanation:
      'Since the token, items were changed here that the request changes too. “conflicts” has both versions of each, and the members in which they differ. Nothing was applied.',
    cure: 'Settle each conflict and send the result with the new token, or say with “prefer=client” or “prefer=server” whose version stands.',
    messages: {
      en: 'Something was also changed elsewhere. Please choose which version to keep.',
      ru: 'Данные изменены и в другом месте. Выберите, какую версию оставить.',
      vi: 'Dữ liệu cũng đã được sửa ở nơi khác. Vui lòng chọn phiên bản cần giữ.',
    },
  },
  'unknown-currency': {
    status: 422,
    title: 'Unknown currency',
    explanation: 'There is no exchange rate on file between the two currencies.',
    cure: 'Look at /rates for the pairs on file.',
    messages: {
      en: 'We cannot convert between these currencies.',
      ru: 'Мы не можем выполнить обмен между этими валютами.',
      vi: 'Chúng tôi không thể quy đổi giữa hai loại tiền này.',
    },
  },
  'rate-id-mismatch': {
    status: 422,
    title: 'The id does not name this pair',
    explanation: 'A rate’s id is its base and its quoted currency, joined by a hyphen.',
    cure: 'PUT the rate at the id of its pair.',
    messages: {
      en: 'This rate is filed under another pair of currencies.',
      ru: 'Этот курс относится к другой паре валют.',
      vi: 'Tỷ giá này thuộc về một cặp tiền khác.',
    },
  },
}
