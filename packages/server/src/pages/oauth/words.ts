// What the pages of signing in say, in the languages of all pages.
import type { Language } from '@comity/http'

type Text = Readonly<Record<Language, string>>

export const words = {
  signIn: { en: 'Sign in', ru: 'Вход', vi: 'Đăng nhập' },
  toGoOn: { en: 'to go on to', ru: 'чтобы перейти в', vi: 'để tiếp tục đến' },
  login: { en: 'Login', ru: 'Логин', vi: 'Tên đăng nhập' },
  password: { en: 'Password', ru: 'Пароль', vi: 'Mật khẩu' },
  enter: { en: 'Sign in', ru: 'Войти', vi: 'Đăng nhập' },
  cancel: { en: 'Cancel', ru: 'Отмена', vi: 'Hủy' },
  wrong: {
    en: 'The login or the password is not right.',
    ru: 'Неверный логин или пароль.',
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
  },
  tooMany: {
    en: 'Too many failed attempts. Please wait a while, then try again.',
    ru: 'Слишком много неудачных попыток. Подождите и попробуйте снова.',
    vi: 'Đăng nhập sai quá nhiều lần. Vui lòng chờ một lúc rồi thử lại.',
  },
  busy: {
    en: 'The server is busy. Please try again in a moment.',
    ru: 'Сервер занят. Попробуйте ещё раз через минуту.',
    vi: 'Máy chủ đang bận. Vui lòng thử lại sau giây lát.',
  },
  allow: { en: 'Allow access?', ru: 'Разрешить доступ?', vi: 'Cho phép truy cập?' },
  wants: { en: 'wants to act for', ru: 'хочет действовать от имени', vi: 'muốn hành động thay cho' },
  may: { en: 'It will be able to:', ru: 'Оно сможет:', vi: 'Ứng dụng sẽ có thể:' },
  nothing: {
    en: 'It will only learn who you are.',
    ru: 'Оно узнает только, кто вы.',
    vi: 'Ứng dụng chỉ biết bạn là ai.',
  },
  back: { en: 'Afterwards you are sent to', ru: 'После этого вы перейдёте на', vi: 'Sau đó bạn được chuyển đến' },
  yes: { en: 'Allow', ru: 'Разрешить', vi: 'Cho phép' },
  no: { en: 'Do not allow', ru: 'Не разрешать', vi: 'Không cho phép' },
  refused: {
    en: 'This app could not be let in',
    ru: 'Приложению не удалось войти',
    vi: 'Không thể cho ứng dụng này truy cập',
  },
  tell: {
    en: 'The app asked in a way that is not understood. Its makers will know what this means:',
    ru: 'Запрос приложения непонятен. Его разработчикам поможет это сообщение:',
    vi: 'Yêu cầu của ứng dụng không hiểu được. Nhà phát triển sẽ hiểu thông báo này:',
  },
  signOut: { en: 'Sign out?', ru: 'Выйти?', vi: 'Đăng xuất?' },
  leave: { en: 'Sign out', ru: 'Выйти', vi: 'Đăng xuất' },
  stay: { en: 'Stay signed in', ru: 'Остаться', vi: 'Ở lại' },
  signedOut: { en: 'You are signed out', ru: 'Вы вышли', vi: 'Bạn đã đăng xuất' },
} as const satisfies Readonly<Record<string, Text>>
