// COPY over the connection that `pg` already has: rows as PostgreSQL itself writes and reads them, a few megabytes at a time.
import type net from 'node:net'
import type pg from 'pg'

/** The part of a connection of `pg` that speaks COPY. */
type Wire = {
  stream: net.Socket
  query: (text: string) => void
  sendCopyFromChunk: (part: Uint8Array) => void
  endCopyFrom: () => void
  sendCopyFail: (why: string) => void
}
const heldBytes = 4 << 20

/**
 * The rows of `COPY … TO STDOUT`, in parts of at least `partBytes` (but for the last) that end where a row ends.
 * Whoever stops reading half-way also ends the client.
 */
export async function* copyOut(client: pg.Client, text: string, partBytes: number): AsyncGenerator<Buffer> {
  let rows: Buffer[] = []
  let bytes = 0
  let ended = false
  let fault: Error | undefined
  let wake = () => {}
  let wire: Wire | undefined
  ask(client, {
    submit: (connection) => {
      wire = connection
      connection.query(text)
    },
    handleCopyData: ({ chunk }) => {
      // The bytes belong to the reader of the socket, which writes over them.
      rows.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes >= partBytes + heldBytes) wire?.stream.pause()
      if (bytes >= partBytes) wake()
    },
    handleError: (error) => {
      fault = error
      ended = true
      wake()
    },
    handleReadyForQuery: () => {
      ended = true
      wake()
    },
  })
  for (;;) {
    if (!ended && bytes < partBytes)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (fault) throw fault
    const part = rows
    rows = []
    bytes = 0
    if (part.length > 0) yield Buffer.concat(part)
    if (ended && rows.length === 0) return
    wire?.stream.resume()
  }
}

/** Feeds `COPY … FROM STDIN`; answers how many rows PostgreSQL took. Throws with its words, or with the reason the parts stopped. */
export async function copyIn(client: pg.Client, text: string, parts: AsyncIterable<Uint8Array>): Promise<number> {
  let stopped: unknown
  let ended = false
  const taken = await new Promise<number>((resolve, reject) => {
    let count = 0
    let fault: Error | undefined
    ask(client, {
      submit: (connection) => connection.query(text),
      handleCopyInResponse: (connection) =>
        void feed(connection, parts, () => ended).catch((error) => {
          stopped = error
          connection.sendCopyFail('stopped')
        }),
      handleCommandComplete: ({ text: said }) => {
        count = Number(/^COPY (\d+)/.exec(said)?.[1] ?? 0)
      },
      // After an error of its own PostgreSQL still says when it is ready; the client no longer tells us that.
      handleError: (error) => {
        ended = true
        fault = error
        reject(error)
      },
      handleReadyForQuery: () => {
        ended = true
        if (!fault) resolve(count)
      },
    })
  }).catch((error) => {
    throw stopped ?? error
  })
  return taken
}
async function feed(wire: Wire, parts: AsyncIterable<Uint8Array>, ended: () => boolean) {
  for await (const part of parts) {
    if (ended()) return
    wire.sendCopyFromChunk(part)
    if (wire.stream.writableNeedDrain) await drained(wire.stream)
  }
  if (!ended()) wire.endCopyFrom()
}
const drained = (stream: net.Socket) =>
  new Promise<void>((resolve) => {
    const on = () => {
      stream.off('drain', on).off('close', on)
      resolve()
    }
    stream.on('drain', on).on('close', on)
  })

type Asking = {
  submit: (wire: Wire) => void
  handleError: (error: Error) => void
  handleReadyForQuery: () => void
  handleCopyData?: (message: { chunk: Buffer }) => void
  handleCopyInResponse?: (wire: Wire) => void
  handleCommandComplete?: (message: { text: string }) => void
}
/** A statement in the shape that `pg` hands its connection to. */
const ask = (client: pg.Client, asking: Asking) =>
  void client.query({
    handleCopyData: () => {},
    handleCommandComplete: () => {},
    handleEmptyQuery: () => {},
    handleCopyInResponse: (wire: Wire) => wire.sendCopyFail('nothing to copy'),
    ...asking,
  } as never)
