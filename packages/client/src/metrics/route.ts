// What calls are counted together: the path with what differs from item to item taken out.

const id =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|(?=.*\d)[\w~.%-]{16,}|.{40,})$/i

/** `/accounts/{id}/transactions`: segments that look like ids (numbers, UUIDs, long ones with digits) are `{id}`. */
export function routeOf(path: string): string {
  return path
    .split('/')
    .map(segment => (id.test(segment) ? '{id}' : segment))
    .join('/')
}
