// Problems of the request as a message: its target, its method, its version

import type { ProblemKind } from './kind.ts'

export const requestProblems: readonly ProblemKind[] = [
  {
    code: 'malformed-request',
    status: 400,
    title: 'Malformed request',
    explanation:
      'The bytes received are not a valid HTTP message: a line, a field or the framing breaks the grammar. The server cannot tell where the request ends, so it closes the connection.',
    cure: 'Send the request with a maintained HTTP library, and look for a proxy that alters messages.',
    messages: {
      en: 'The app sent something the service could not read. Please try again, or update the app.',
      ru: 'Приложение отправило данные, которые сервис не смог прочитать. Попробуйте ещё раз или обновите приложение.',
      vi: 'Ứng dụng đã gửi dữ liệu mà dịch vụ không đọc được. Vui lòng thử lại hoặc cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'malformed-uri',
    status: 400,
    title: 'Malformed URI',
    explanation:
      'The address of the request cannot be read. Most often a percent sign is not followed by two hexadecimal digits, or the decoded bytes are not UTF-8.',
    cure: 'Percent-encode each part of the path and the query on its own, as UTF-8, before joining them.',
    messages: {
      en: 'This link is broken. Please check it, or start again from the beginning.',
      ru: 'Эта ссылка повреждена. Проверьте её или начните сначала.',
      vi: 'Liên kết này bị lỗi. Vui lòng kiểm tra lại hoặc bắt đầu lại từ đầu.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'uri-too-long',
    status: 414,
    title: 'URI too long',
    explanation:
      'The path and query together are longer than the server reads. This often comes from a long list of filters, or from a redirect that keeps adding to its own query.',
    cure: 'Shorten the query, or send it as the content of a QUERY request.',
    messages: {
      en: 'The request is too long. Please choose fewer filters and try again.',
      ru: 'Запрос слишком длинный. Выберите меньше фильтров и попробуйте ещё раз.',
      vi: 'Yêu cầu quá dài. Vui lòng chọn ít bộ lọc hơn rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.15',
  },
  {
    code: 'header-fields-too-large',
    status: 431,
    title: 'Request header fields too large',
    explanation:
      'One header field, or all of them together, exceed what the server reads. Cookies that have piled up are the usual cause.',
    cure: 'Send fewer or shorter fields; clear the cookies of this host.',
    messages: {
      en: 'Too much data came along with the request. Please clear the cookies for this site and try again.',
      ru: 'Вместе с запросом пришло слишком много служебных данных. Очистите файлы cookie этого сайта и попробуйте ещё раз.',
      vi: 'Yêu cầu mang theo quá nhiều dữ liệu. Vui lòng xóa cookie của trang này rồi thử lại.',
    },
    source: 'RFC 6585 §5',
  },
  {
    code: 'method-not-implemented',
    status: 501,
    title: 'Method not implemented',
    explanation:
      'The server does not know this method at all, for any resource. Method names are case-sensitive, so "get" is not GET.',
    cure: 'Use one of the methods in the API description. OPTIONS lists those of a resource.',
    messages: {
      en: 'The app asked for something this service cannot do. Please update the app.',
      ru: 'Приложение запросило действие, которого этот сервис не умеет выполнять. Обновите приложение.',
      vi: 'Ứng dụng yêu cầu một thao tác mà dịch vụ này không hỗ trợ. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.6.2',
  },
  {
    code: 'transfer-coding-not-implemented',
    status: 501,
    title: 'Transfer coding not implemented',
    explanation:
      'Transfer-Encoding names a coding other than "chunked". Where such content ends cannot be told, so none of it is read.',
    cure: 'Send the content with Content-Length, or with "Transfer-Encoding: chunked" and nothing else.',
    messages: {
      en: 'The app sent its data in a way the service does not understand. Please update the app.',
      ru: 'Приложение передало данные способом, которого сервис не понимает. Обновите приложение.',
      vi: 'Ứng dụng gửi dữ liệu theo cách mà dịch vụ không hiểu. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9112 §6.1',
  },
  {
    code: 'misdirected-request',
    status: 421,
    title: 'Misdirected request',
    explanation:
      'The request names a host that this server does not answer for. A connection may have been reused for another host, or a proxy or DNS entry points to the wrong place.',
    cure: 'Repeat the request on a new connection, and check the Host field and the DNS entry.',
    messages: {
      en: 'The request reached the wrong server. Please try again.',
      ru: 'Запрос попал не на тот сервер. Попробуйте ещё раз.',
      vi: 'Yêu cầu đã đến nhầm máy chủ. Vui lòng thử lại.',
    },
    source: 'RFC 9110 §15.5.20',
  },
  {
    code: 'no-such-resource',
    status: 404,
    title: 'No such resource',
    explanation:
      'No resource or service of this API has this path. It may be misspelled, singular where the API uses the plural, or lack a prefix.',
    cure: 'Start from the entry point of the API, which links to every resource and service.',
    messages: {
      en: 'There is nothing at this address. Please check the link.',
      ru: 'По этому адресу ничего нет. Проверьте ссылку.',
      vi: 'Không có gì ở địa chỉ này. Vui lòng kiểm tra lại liên kết.',
    },
    source: 'RFC 9110 §15.5.5',
  },
  {
    code: 'version-unknown',
    status: 404,
    title: 'Unknown API version',
    explanation:
      'The request asks for a version of the API that has never existed here. The version is taken from the path, then from the API-Version field, then from the query.',
    cure: 'Ask for one of the versions that the entry point lists, or leave the version out to get the newest.',
    messages: {
      en: 'The app expects a version of the service that does not exist. Please update the app.',
      ru: 'Приложение обращается к несуществующей версии сервиса. Обновите приложение.',
      vi: 'Ứng dụng cần một phiên bản dịch vụ không tồn tại. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.5',
  },
  {
    code: 'version-retired',
    status: 410,
    title: 'Retired API version',
    explanation:
      'This version of the API was served once and has been switched off. While it was still served, its responses announced this in the Deprecation and Sunset fields.',
    cure: 'Move to the version that the Link with rel="successor-version" names.',
    messages: {
      en: 'This version of the app is no longer supported. Please update it to continue.',
      ru: 'Эта версия приложения больше не поддерживается. Обновите его, чтобы продолжить.',
      vi: 'Phiên bản ứng dụng này không còn được hỗ trợ. Vui lòng cập nhật để tiếp tục.',
    },
    source: 'RFC 9110 §15.5.11',
  },
  {
    code: 'method-not-allowed',
    status: 405,
    title: 'Method not allowed',
    explanation:
      'The server knows the method, but this resource does not offer it. The Allow field lists those it does offer.',
    cure: 'Use a method from the Allow field, or address another resource: create in a collection, change an item.',
    messages: {
      en: 'This cannot be done here.',
      ru: 'Здесь это действие невозможно.',
      vi: 'Không thể thực hiện thao tác này ở đây.',
    },
    source: 'RFC 9110 §15.5.6',
  },
  {
    code: 'http-version-not-supported',
    status: 505,
    title: 'HTTP version not supported',
    explanation: 'The request uses a major version of HTTP that the server does not speak.',
    cure: 'Use HTTP/1.1 or HTTP/2.',
    messages: {
      en: 'The app connects in a way the service does not understand. Please update the app.',
      ru: 'Приложение подключается способом, которого сервис не понимает. Обновите приложение.',
      vi: 'Ứng dụng kết nối theo cách mà dịch vụ không hiểu. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.6.6',
  },
  {
    code: 'upgrade-required',
    status: 426,
    title: 'Upgrade required',
    explanation: 'The server refuses to answer over this protocol. The Upgrade field names those it accepts instead.',
    cure: 'Repeat the request over a protocol that the Upgrade field names.',
    messages: {
      en: 'The app must connect in a newer way. Please update the app.',
      ru: 'Приложение использует устаревший способ подключения. Обновите приложение.',
      vi: 'Ứng dụng cần kết nối theo cách mới hơn. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.22',
  },
  {
    code: 'too-early',
    status: 425,
    title: 'Too early',
    explanation:
      'The request came as early data, before the TLS handshake was finished, and could have been recorded and replayed by someone else. The server will not act on it at that risk.',
    cure: 'Repeat the request once the handshake is complete.',
    messages: {
      en: 'The connection was not ready yet. Please try again.',
      ru: 'Соединение ещё не было готово. Попробуйте ещё раз.',
      vi: 'Kết nối chưa sẵn sàng. Vui lòng thử lại.',
    },
    source: 'RFC 8470 §5.2',
  },
  {
    code: 'request-timeout',
    status: 408,
    title: 'Request timeout',
    explanation:
      'The request did not arrive completely within the time the server waits for one. The line may be slow, or the client stopped sending.',
    cure: 'Repeat the request on a new connection.',
    messages: {
      en: 'The connection is too slow or was interrupted. Please try again.',
      ru: 'Соединение слишком медленное или прервалось. Попробуйте ещё раз.',
      vi: 'Kết nối quá chậm hoặc bị gián đoạn. Vui lòng thử lại.',
    },
    source: 'RFC 9110 §15.5.9',
  },
  {
    code: 'expectation-failed',
    status: 417,
    title: 'Expectation failed',
    explanation: 'The Expect field asks for something the server cannot promise. It understands only "100-continue".',
    cure: 'Send the request without the Expect field, or with "100-continue".',
    messages: {
      en: 'The app asked for something the service cannot promise. Please update the app.',
      ru: 'Приложение потребовало того, чего сервис не может обещать. Обновите приложение.',
      vi: 'Ứng dụng đòi hỏi điều mà dịch vụ không thể đáp ứng. Vui lòng cập nhật ứng dụng.',
    },
    source: 'RFC 9110 §15.5.18',
  },
  {
    code: 'file-name-invalid',
    status: 400,
    title: 'No name for a file',
    explanation:
      'The name under which a file is to be stored is missing or cannot be one: it has a slash or control characters, is “.” or “..”, or is longer than 255 bytes of UTF-8.',
    cure: 'PUT the file to the name it is to have, or name it in Content-Disposition, Slug, or the filename of its part.',
    messages: {
      en: 'This file name cannot be used. Please rename the file and try again.',
      ru: 'Это имя файла не подходит. Переименуйте файл и попробуйте ещё раз.',
      vi: 'Không thể dùng tên tệp này. Vui lòng đổi tên tệp rồi thử lại.',
    },
    source: 'RFC 9110 §15.5.1',
  },
  {
    code: 'inconsistent-upload-length',
    type: 'https://iana.org/assignments/http-problem-types#inconsistent-upload-length',
    status: 400,
    title: 'Inconsistent upload length values',
    explanation: 'The requests of one upload do not agree on how long it is, or more came than there was to be.',
    cure: 'Begin a new upload, with the length that it has.',
    messages: {
      en: 'The file could not be uploaded. Please try again from the beginning.',
      ru: 'Не удалось загрузить файл. Начните загрузку заново.',
      vi: 'Không tải được tệp lên. Vui lòng tải lại từ đầu.',
    },
    source: 'draft-ietf-httpbis-resumable-upload-12 §7.3',
  },
  {
    code: 'completed-upload',
    type: 'https://iana.org/assignments/http-problem-types#completed-upload',
    status: 400,
    title: 'Upload is completed',
    explanation: 'The upload is complete already, and nothing can be appended to it.',
    cure: 'Ask for its state with HEAD: Content-Location says where the file is.',
    messages: {
      en: 'This file was uploaded already.',
      ru: 'Этот файл уже загружен.',
      vi: 'Tệp này đã được tải lên rồi.',
    },
    source: 'draft-ietf-httpbis-resumable-upload-12 §7.2',
  },
]
