/** Called for every tag and every piece of text, in the order of the document. Names come without their prefix. */
export type XmlSink = {
  open: (name: string, attributes: string) => void
  close: (name: string) => void
  text: (text: string) => void
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
/** Only the five entities XML itself knows and numbers: a document's own entities are how bombs are built. */
export const unescapeXml = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
        if (name) return entities[name.toLowerCase()]!
        const point = hex ? Number.parseInt(hex, 16) : Number(decimal)
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole
      })
    : text

/** One attribute of an open tag, by its local name; `undefined` where it is not given. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let from = 0; ; ) {
    const at = attributes.indexOf(name, from)
    if (at === -1) return undefined
    from = at + name.length
    const before = at === 0 ? ' ' : attributes[at - 1]!
    if (!/[\s:]/.test(before)) continue
    const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(from))
    if (value) return unescapeXml(value[1] ?? value[2] ?? '')
  }
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/**
 * A reader fed piece by piece, so that a sheet is never whole in memory.
 * `write` throws when a single tag or text grows past `maxChars`, or the document declares entities.
 */
export function openXml(sink: XmlSink, maxChars: number): { write: (piece: string) => void } {
  let held = ''
  return {
    write(piece) {
      const text = held + piece
      held = text.slice(readMarkup(text, sink))
      if (held.length > maxChars) throw new XmlTooLong()
    },
  }
}
export class XmlTooLong extends Error {}
export class XmlMalformed extends Error {}

/** Reads whole constructs and returns where the unfinished rest begins. */
function readMarkup(text: string, sink: XmlSink): number {
  let at = 0
  for (;;) {
    const tag = text.indexOf('<', at)
    if (tag === -1) return at
    if (tag > at) sink.text(unescapeXml(text.slice(at, tag)))
    const end = markupEnd(text, tag)
    if (end === -1) return tag
    readTag(text, tag, end, sink)
    at = end
  }
}

function readTag(text: string, tag: number, end: number, sink: XmlSink) {
  const mark = text.charCodeAt(tag + 1)
  if (mark === 47 /* / */) return sink.close(local(text.slice(tag + 2, end - 1).trimEnd()))
  if (mark === 63 /* ? */) return
  if (mark === 33 /* ! */) {
    if (text.startsWith('<![CDATA[', tag)) return sink.text(text.slice(tag + 9, end - 3))
    if (text.startsWith('<!--', tag)) return
    throw new XmlMalformed('a document type')
  }
  const empty = text.charCodeAt(end - 2) === 47
  const inner = text.slice(tag + 1, empty ? end - 2 : end - 1)
  const space = inner.search(/\s/)
  const name = local(space === -1 ? inner : inner.slice(0, space))
  sink.open(name, space === -1 ? '' : inner.slice(space))
  if (empty) sink.close(name)
}

/** Just past the end of the construct that begins at `tag`, or -1 when it is not all there. */
function markupEnd(text: string, tag: number): number {
  const close = (mark: string) => {
    const at = text.indexOf(mark, tag + 1)
    return at === -1 ? -1 : at + mark.length
  }
  if (tag + 9 > text.length && text.charCodeAt(tag + 1) === 33) return -1
  if (text.startsWith('<!--', tag)) return close('-->')
  if (text.startsWith('<![CDATA[', tag)) return close(']]>')
  if (text.charCodeAt(tag + 1) === 47) return close('>')
  // A «>» may stand inside a quoted attribute.
  let quote = 0
  for (let at = tag + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (quote) quote = char === quote ? 0 : quote
    else if (char === 34 || char === 39) quote = char
    else if (char === 62) return at + 1
  }
  return -1
}
