// One line of JSON per thing worth knowing. Never a name, a code, an address of a person or of her device.
import pino, { type Logger } from 'pino'

export type Log = Logger

// Wherever these words are a key, at the top or one level down, the value is not written.
const personal = [
  ...['name', 'personName', 'fullName', 'phone', 'email', 'birthYear', 'password', 'pin', 'code', 'token', 'proof'],
  ...['cookie', 'authorization', 'remoteAddress', 'ip', 'databaseUrl', 'url'],
]

export const openLog = (level: string, destination: pino.DestinationStream = pino.destination({ fd: 1, sync: true })) =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: personal.flatMap((key) => [key, `*.${key}`]).filter((key) => key !== '*.code'), censor: '…' },
      serializers: {
        // The path itself may hold an entry link; the route says enough.
        req: (request: { id?: string; method?: string; routeOptions?: { url?: string } }) => ({
          id: request.id,
          method: request.method,
          route: request.routeOptions?.url,
        }),
        res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
        // A database error carries the offending row in `detail`; it stays out.
        err: (error: Error & { code?: string; constraint?: string }) => ({
          type: error.name,
          message: error.message,
          stack: error.stack,
          code: error.code,
          constraint: error.constraint,
        }),
      },
    },
    destination,
  )
