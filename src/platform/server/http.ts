// Routes from operations: parsed at the edge, guarded, refusals described in the OpenAPI document.
import { createHash } from 'node:crypto'
import type http from 'node:http'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import {
  createJsonSchemaTransformObject,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import { generalRefusals, pathOf } from '../contract.ts'
import type { Actor } from '../rights.ts'
import type { Desk } from './desk.ts'
import type { AnyHot } from './hot.ts'
import { openHot } from './hot.ts'
import { type AnyServed, type FileAnswer, perform, Refused, type Wire } from './operate.ts'

export type ActorOf = (request: FastifyRequest) => Promise<Actor>

const statusOf = (because: string): number =>
  ({
    malformed: 400,
    signIn: 401,
    confirmFirst: 403,
    notYours: 403,
    notFound: 404,
    tooMany: 429,
    broken: 500,
    busy: 503,
  })[because] ?? 409

export async function openHttp({
  logger,
  handle,
  trustProxy = false,
  elsewhere = { connect: [], media: [] },
}: {
  logger?: FastifyBaseLogger
  handle?: (listener: http.RequestListener) => http.Server
  trustProxy?: boolean
  /** What an operator has put on other origins: live streams, the media server, a CDN in front of segments and slides. */
  elsewhere?: { connect: readonly string[]; media: readonly string[] }
} = {}) {
  const app: FastifyInstance = Fastify({
    ...(logger ? { loggerInstance: logger } : { logger: { level: 'warn' } }),
    ...(handle ? { serverFactory: handle } : {}),
    forceCloseConnections: true,
    // A line for each of 64,809 check-ins would say nothing; faults are still logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1_048_576,
    trustProxy,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // The scanner's decoder is WebAssembly; nothing else may be evaluated.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...elsewhere.media],
        connectSrc: ["'self'", ...elsewhere.connect],
        // A player without native HLS feeds its video from memory, and reads segments in a worker of its own.
        mediaSrc: ["'self'", 'blob:', ...elsewhere.media],
        workerSrc: ["'self'", 'blob:'],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  })
  app.addHook('onSend', async (_request, reply) => {
    // The console and the stage turn devices on for their own pages; every other page has none.
    if (!reply.hasHeader('permissions-policy'))
      reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), display-capture=()')
  })
  await app.register(cookie)
  await app.register(multipart, { limits: { files: 1, fileSize: 62_914_560, fields: 10 } })
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Điểm Cầu', version: '0.1.0' } },
    transform: jsonSchemaTransform,
    transformObject: createJsonSchemaTransformObject({}),
  })
  app.setErrorHandler((error: Error & { validation?: unknown }, request, reply) => {
    const { status, body } = faultOf(error, (line) =>
      request.log.error({ ...line, route: request.routeOptions.url }, 'fault'),
    )
    if (status === 503) reply.header('retry-after', '1')
    return reply.status(status).send(body)
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  return app
}
/** What a refusal or a fault is on the wire. Our own faults are told to `log`; the answer says no more than «broken». */
export function faultOf(
  error: unknown,
  log: (line: { err: { message: string; stack: string | undefined; code: string | undefined } }) => void,
): { status: number; body: { refused: string; detail?: Record<string, unknown> } } {
  if (error instanceof Refused)
    return {
      status: statusOf(error.because),
      body: { refused: error.because, ...(error.detail ? { detail: error.detail } : {}) },
    }
  const fault = error as Error & { statusCode?: number; validation?: unknown; code?: string }
  if (fault.validation) return { status: 400, body: { refused: 'malformed' } }
  if (databaseAway(fault)) return { status: 503, body: { refused: 'busy' } }
  if (fault.statusCode && fault.statusCode < 500) return { status: fault.statusCode, body: { refused: 'malformed' } }
  log({ err: { message: fault.message, stack: fault.stack, code: fault.code } })
  return { status: 500, body: { refused: 'broken' } }
}
export type HotFault = (error: unknown, path: string) => ReturnType<typeof faultOf>
export type OpenedHot = Pick<ReturnType<typeof openHot>, 'it' | 'perform'>
/** The database is being brought back: the caller may try again, nothing was acknowledged. */
const databaseAway = (error: { code?: string; message: string }) =>
  /^(57P0|08|ECONNREFUSED|ECONNRESET|EPIPE)/.test(error.code ?? '') ||
  /Connection terminated|timeout exceeded when trying to connect/.test(error.message)

const wireOf = (request: FastifyRequest, reply: FastifyReply): Wire => ({
  address: request.ip,
  secure: request.protocol === 'https',
  get headers() {
    return new Headers(
      Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && !name.startsWith(':') ? [[name, value]] : [],
      ),
    )
  },
  setCookie: (line) => void reply.header('set-cookie', line),
})

const refusalShape = (refusals: readonly string[]) =>
  z.object({
    refused: z.enum([...generalRefusals, ...refusals] as [string, ...string[]]),
    detail: z.record(z.string(), z.unknown()).optional(),
  })

/** One route an operation; a route whose contract says `file` answers a GET with `?q=` as JSON. */
export function serve(app: FastifyInstance, desk: Desk, actorOf: ActorOf, operations: readonly AnyServed[]) {
  for (const served of operations) {
    const { it } = served
    if (served.needs.by === 'machine') continue
    if (it.kind === 'file') {
      app.get(
        pathOf(it),
        { schema: { operationId: it.name, querystring: z.object({ q: z.string().max(10_000).default('{}') }) } },
        async (request, reply) => {
          const file = (await perform(desk, served, {
            actor: await actorOf(request),
            now: new Date(),
            input: parseJson((request.query as { q: string }).q),
          })) as FileAnswer
          reply
            .header('content-type', file.type)
            .header(
              'content-disposition',
              `attachment; filename="${plainName(file.name)}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
            )
            .header('cache-control', 'no-store')
            .header('x-content-type-options', 'nosniff')
          return reply.send(file.body)
        },
      )
      continue
    }
    // The body is parsed once, by `perform`; the schema here only describes it.
    app.post(
      pathOf(it),
      {
        schema: { operationId: it.name, body: it.input, response: { 200: it.output, 409: refusalShape(it.refusals) } },
        validatorCompiler: () => (body) => ({ value: body }),
      },
      async (request, reply) =>
        perform(desk, served, {
          actor: await actorOf(request),
          now: new Date(),
          input: request.body ?? {},
          wire: wireOf(request, reply),
        }),
    )
  }
}
/** Hot operations: same path, own batches. Returns what must be drained before the process ends. */
export function serveHot(app: FastifyInstance, desk: Desk, actorOf: ActorOf, operations: readonly AnyHot[]) {
  const open = operations.map((operation) => openHot(desk, operation))
  for (const operation of open)
    app.post(
      pathOf(operation.it),
      {
        schema: {
          operationId: operation.it.name,
          body: operation.it.input,
          response: { 409: refusalShape(operation.it.refusals) },
        },
        validatorCompiler: () => (body) => ({ value: body }),
        serializerCompiler: () => JSON.stringify,
      },
      async (request) => operation.perform({ actor: await actorOf(request), now: new Date(), input: request.body }),
    )
  return { drained: () => Promise.all(open.map(({ drained }) => drained())), operations: open }
}
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('malformed')
  }
}
const plainName = (name: string) =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/[^\w.-]+/g, '-')
export const etagOf = (body: string) => `"${createHash('sha1').update(body).digest('base64url').slice(0, 16)}"`
