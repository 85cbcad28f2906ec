// Problems of who asks

import type { ProblemKind } from './kind.ts'

export const accessProblems: readonly ProblemKind[] = [
  {
    code: 'authentication-required',
    status: 401,
    title: 'Authentication required',
    explanation:
      'The resource is only for callers who say who they are, and the request carried no credentials. The WWW-Authenticate field names the ways that are accepted.',
    cure: 'Obtain credentials for one of the schemes in WWW-Authenticate and send them in the Authorization field.',
    messages: {
      en: 'Please sign in to continue.',
      ru: 'Войдите в систему, чтобы продолжить.',
      vi: 'Vui lòng đăng nhập để tiếp tục.',
    },
    source: 'RFC 9110 §15.5.2',
  },
  {
    code: 'credentials-invalid',
    status: 401,
    title: 'Invalid credentials',
    explanation:
      'The request carried credentials that the server does not accept. They may be mistyped, expired, revoked, or made for another service.',
    cure: 'Obtain fresh credentials, then repeat the request. The same ones will be refused again.',
    messages: {
      en: 'Your sign-in was not accepted or has expired. Please sign in again.',
      ru: 'Данные для входа не подошли или срок их действия истёк. Войдите снова.',
      vi: 'Thông tin đăng nhập không đúng hoặc đã hết hạn. Vui lòng đăng nhập lại.',
    },
    source: 'RFC 9110 §15.5.2',
  },
  {
    code: 'too-many-sign-ins',
    status: 429,
    title: 'Too many failed sign-ins',
    explanation:
      'Credentials for this account, or from this address, were wrong so often that the server looks at no more of them for a while. Retry-After tells how long. It makes passwords hard to guess; an owner who signs in from an address that was used before is not kept out by the failures of others.',
    cure: 'Wait as long as Retry-After says, then send the right credentials. Correct them where a program repeats wrong ones.',
    messages: {
      en: 'Too many failed sign-ins. Please wait a while, then try again.',
      ru: 'Слишком много неудачных попыток входа. Подождите и попробуйте снова.',
      vi: 'Đăng nhập sai quá nhiều lần. Vui lòng chờ một lúc rồi thử lại.',
    },
    source: 'RFC 6585 §4',
  },
  {
    code: 'credentials-malformed',
    status: 400,
    title: 'Malformed credentials',
    explanation:
      'The Authorization field names a scheme that is accepted, and what stands behind it does not have the form of that scheme. Nothing was looked up.',
    cure: 'Send the field in the form that the scheme defines, such as `Authorization: Bearer TOKEN`. Other credentials will not help.',
    messages: {
      en: 'The app could not sign you in. Please update it or contact its support.',
      ru: 'Приложению не удалось выполнить вход. Обновите его или обратитесь в поддержку.',
      vi: 'Ứng dụng không thể đăng nhập cho bạn. Vui lòng cập nhật ứng dụng hoặc liên hệ hỗ trợ.',
    },
    source: 'RFC 9110 §11.6.2, RFC 6750 §3.1',
  },
  {
    code: 'sign-in-expired',
    status: 400,
    title: 'Sign-in expired',
    explanation:
      'The page belongs to a sign-in that has ended: it was finished, took longer than a quarter of an hour, or was begun in another browser. Nobody was signed in.',
    cure: 'Go back to the app and begin again there.',
    messages: {
      en: 'This sign-in page has expired. Please go back to the app and start again.',
      ru: 'Срок действия страницы входа истёк. Вернитесь в приложение и начните заново.',
      vi: 'Trang đăng nhập này đã hết hạn. Vui lòng quay lại ứng dụng và bắt đầu lại.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'proxy-authentication-required',
    status: 407,
    title: 'Proxy authentication required',
    explanation:
      'A proxy on the way wants to know who asks. The Proxy-Authenticate field names the ways it accepts. The server behind it has not seen the request.',
    cure: 'Send credentials for the proxy in the Proxy-Authorization field.',
    messages: {
      en: 'Your network asks you to sign in to its proxy. Please check your network settings.',
      ru: 'Ваша сеть требует войти на прокси-сервер. Проверьте настройки сети.',
      vi: 'Mạng của bạn yêu cầu đăng nhập vào máy chủ proxy. Vui lòng kiểm tra cài đặt mạng.',
    },
    source: 'RFC 9110 §15.5.8',
  },
  {
    code: 'forbidden',
    status: 403,
    title: 'Forbidden',
    explanation:
      'The server knows who asks and does not let them do this. Repeating the request with the same credentials will not help.',
    cure: 'Use credentials that have the permission, or ask the owner of the resource to grant it.',
    messages: {
      en: 'You do not have permission to do this.',
      ru: 'У вас нет прав на это действие.',
      vi: 'Bạn không có quyền thực hiện thao tác này.',
    },
    source: 'RFC 9110 §15.5.4',
  },
  {
    code: 'insufficient-scope',
    status: 403,
    title: 'Insufficient scope',
    explanation:
      'The credentials are right, and were granted for less than this request needs. The detail names the scope that would do.',
    cure: 'Ask for credentials with that scope, then repeat the request with them.',
    messages: {
      en: 'This app has not been given permission to do that.',
      ru: 'Приложению не дано разрешение на это действие.',
      vi: 'Ứng dụng này chưa được cấp quyền thực hiện thao tác đó.',
    },
    source: 'RFC 6750 §3.1',
  },
  {
    code: 'cross-origin-refused',
    status: 403,
    title: 'Cross-origin request refused',
    explanation:
      'The request comes from a page of another origin, as its Origin or Sec-Fetch-Site field says, and the server does not let that origin do this. It protects signed-in users from pages that act in their name.',
    cure: 'Send the request from an allowed origin, or have this origin added to the allowed ones.',
    messages: {
      en: 'For your safety, this site is not allowed to do that.',
      ru: 'В целях безопасности этому сайту запрещено выполнять такое действие.',
      vi: 'Để bảo đảm an toàn, trang này không được phép thực hiện thao tác đó.',
    },
    source: 'RFC 9110 §15.5.4',
  },
  {
    code: 'network-authentication-required',
    status: 511,
    title: 'Network authentication required',
    explanation:
      'The network itself, such as the Wi-Fi of a hotel, wants a sign-in before it lets requests through. The answer does not come from the API.',
    cure: 'Sign in to the network with a browser, then repeat the request.',
    messages: {
      en: 'Please sign in to the network you are connected to, then try again.',
      ru: 'Войдите в сеть, к которой вы подключены, и попробуйте ещё раз.',
      vi: 'Vui lòng đăng nhập vào mạng bạn đang kết nối rồi thử lại.',
    },
    source: 'RFC 6585 §6',
  },
  {
    code: 'unavailable-for-legal-reasons',
    status: 451,
    title: 'Unavailable for legal reasons',
    explanation:
      'The server may not show this because of a legal demand. A Link with rel="blocked-by" names who put the block in place.',
    cure: 'There is nothing to correct in the request. Ask the operator about the demand.',
    messages: {
      en: 'This is not available for legal reasons.',
      ru: 'Недоступно по требованию закона.',
      vi: 'Nội dung này không khả dụng vì lý do pháp lý.',
    },
    source: 'RFC 7725 §3',
  },
]
