// The bare limit beside the live channel: raw sockets that write the same bytes to everybody, and know nothing else.
//   forked by bench/fanout.ts with the port; each message is { body } or { push: body }
import net from 'node:net'

const sockets: net.Socket[] = []
const head =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store, no-transform\r\nconnection: close\r\n\r\n'
const frameOf = (body: string) => Buffer.from(`id: ${Date.now()}\ndata: ${body}\n\n`)
let first = frameOf('{}')
let pushing = Promise.resolve()
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
async function push(frame: Buffer) {
  for (let at = 0; at < sockets.length; at++) {
    sockets[at]!.write(frame)
    if (at % 2_000 === 1_999) await nextTurn()
  }
}

net
  .createServer({ noDelay: true }, (socket) => {
    socket.once('data', () => {
      socket.write(head)
      socket.write(first)
      sockets.push(socket)
    })
    socket.on('error', () => {})
  })
  .listen({ port: Number(process.argv[2]), host: '127.0.0.1', reusePort: true, backlog: 4096 }, () =>
    process.send!('listening'),
  )
process.on('message', ({ body, push: news }: { body?: string; push?: string }) => {
  if (body) first = frameOf(body)
  if (news) pushing = pushing.then(() => push(frameOf(news)))
})
process.on('disconnect', () => process.exit(0))
