// The little of HTTP/1.1 that a light process speaks: GET, HEAD and OPTIONS without a body. Strict on purpose: what is not
// plainly right is refused, because nobody we serve sends it.

const headBytes = 8_192
const targetBytes = 2_048
const mostFields = 64
const requestLine = /^([A-Z]{1,20}) (\S+) HTTP\/1\.([01])$/
const methods = ['GET', 'HEAD', 'OPTIONS'] as const
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are exactly what no field may hold
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)$/

export type Head = {
  method: (typeof methods)[number]
  path: string
  /** Without the question mark. */
  query: string
  /** By their names in small letters; one that comes twice is joined as the standard says. */
  fields: ReadonlyMap<string, string>
  /** The client would ask again on this connection. */
  keepAlive: boolean
  /** How many bytes of what came belong to this head. */
  bytes: number
}
export type BadHead = { status: 400 | 405 | 413 | 414 | 431 | 505 }

/** A whole head, what is wrong with it, or `undefined` while more has to come. */
export function parseHead(bytes: Buffer): Head | BadHead | undefined {
  // A knock in another language (TLS, a scanner's nonsense) is known by its first letter.
  if (bytes.length > 0 && (bytes[0]! < 0x41 || bytes[0]! > 0x5a)) return { status: 400 }
  const end = bytes.indexOf('\r\n\r\n')
  if (end > headBytes || (end < 0 && bytes.length > headBytes)) return { status: 431 }
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const asked = requestLine.exec(first)
  if (!asked) return { status: /HTTP\/[^1]/.test(first) ? 505 : 400 }
  const [, method, target = '', minor] = asked
  if (!isMethod(method)) return { status: 405 }
  if (target.length > targetBytes) return { status: 414 }
  if (!/^\/[!-~]*$/.test(target)) return { status: 400 }
  if (lines.length > mostFields) return { status: 431 }
  const fields = new Map<string, string>()
  for (const line of lines) {
    const found = field.exec(line)
    if (!found) return { status: 400 }
    const name = found[1]!.toLowerCase()
    const value = found[2]!.trimEnd()
    const before = fields.get(name)
    if (before !== undefined && (name === 'host' || name === 'content-length')) return { status: 400 }
    fields.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`)
  }
  if (minor === '1' && !fields.has('host')) return { status: 400 }
  if (fields.has('transfer-encoding')) return { status: 400 }
  const length = fields.get('content-length')
  if (length !== undefined && length !== '0') return { status: /^\d+$/.test(length) ? 413 : 400 }
  const connection = fields.get('connection')?.toLowerCase() ?? ''
  const cut = target.indexOf('?')
  return {
    method,
    path: cut < 0 ? target : target.slice(0, cut),
    query: cut < 0 ? '' : target.slice(cut + 1),
    fields,
    keepAlive: minor === '1' ? !connection.includes('close') : connection.includes('keep-alive'),
    bytes: end + 4,
  }
}
const isMethod = (text: string | undefined): text is Head['method'] => (methods as readonly unknown[]).includes(text)

const reasons: Record<number, string> = {
  200: 'OK',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
}
/** The head of an answer, with the blank line that ends it. */
export const answerHead = (status: number, fields: Record<string, string | number>): string =>
  `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

/** What `state.json` says, and how long a cache may keep it; `open`: anybody may see it. */
export const stateOf = (version: number, body: string) => `{"version":${version},"snapshot":${body}}`
export const etagOfVersion = (version: number) => `"${version}"`
export const stateCaching = (open: boolean) => `${open ? 'public' : 'private'}, max-age=1`
/** When to come back after a cut: each at a moment of her own. */
export const retryLine = () => `retry: ${1_000 + Math.floor(4_000 * Math.random())}\n\n`
