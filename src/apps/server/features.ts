// What the server is composed of. A feature adds its line here and nothing else changes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import * as access from '../../features/access/server/index.ts'
import * as attendance from '../../features/attendance/server/index.ts'
import * as broadcast from '../../features/broadcast/server/index.ts'
import * as campaigns from '../../features/campaigns/server/index.ts'
import * as conferences from '../../features/conferences/server/index.ts'
import * as coverage from '../../features/coverage/server/index.ts'
import * as makeups from '../../features/makeups/server/index.ts'
import * as materials from '../../features/materials/server/index.ts'
import * as organisation from '../../features/organisation/server/index.ts'
import * as reports from '../../features/reports/server/index.ts'
import * as sites from '../../features/sites/server/index.ts'
import * as stage from '../../features/stage/server/index.ts'
import type { AboutPerson } from '../../platform/server/aboutPerson.ts'
import type { Config } from '../../platform/server/config.ts'
import type { Desk, Places } from '../../platform/server/desk.ts'
import type { AnyHot } from '../../platform/server/hot.ts'
import type { ActorOf } from '../../platform/server/http.ts'
import type { AnyImportKind } from '../../platform/server/imports/index.ts'
import type { Jobs } from '../../platform/server/jobs.ts'
import type { AnyTopic } from '../../platform/server/live.ts'
import type { Metrics } from '../../platform/server/metrics.ts'
import type { AnyServed } from '../../platform/server/operate.ts'
import type { Progress } from './steps.ts'

export type FeatureDoor = {
  /** What it holds about a person: for her own page, and for erasing. */
  aboutPerson?: readonly AboutPerson[]
  operations?: readonly AnyServed[]
  hotOperations?: readonly AnyHot[]
  topics?: readonly AnyTopic[]
  places?: Places
  /** Names of the queues it sends work to. */
  queues?: readonly string[]
  /** Takes up that work; called in processes with the role of worker. */
  work?: (desk: Desk, jobs: Jobs) => Promise<void>
  /** Routes that are no operations: uploads, entry links. */
  routes?: (app: FastifyInstance, desk: Desk, actorOf: ActorOf) => void | Promise<void>
  /** Before the first request: what a run that was killed has left half-done. */
  start?: (desk: Desk, now: Date) => Promise<void>
  /** Takes a request or an upgrade before the framework does: media files, the media server's signalling. `true` when taken. */
  early?: (desk: Desk, config: Config) => Early
  /** What runs beside the requests once pages can be had: child processes, sweeps. Never holds up the rest. */
  beside?: (desk: Desk, with_: Beside) => Promise<{ stop: () => Promise<void> }>
}

export type Early = {
  request?: (request: IncomingMessage, response: ServerResponse) => boolean
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
}
export type Beside = {
  config: Config
  metrics: Metrics
  log: (fault: unknown, about: string) => void
  tell: (news: string) => void
}

/** In the order of the features. */
export const features: readonly FeatureDoor[] = [
  organisation,
  access,
  campaigns,
  conferences,
  materials,
  sites,
  attendance,
  coverage,
  stage,
  broadcast,
  makeups,
  reports,
]

/** What a desk takes from the features: where things stand, and what is held about a person. */
export const composed: Pick<Desk, 'places' | 'aboutPerson'> = {
  places: Object.assign({}, ...features.map(({ places }) => places)),
  aboutPerson: features.flatMap((feature) => feature.aboutPerson ?? []),
}

/** Every kind of file people may bring. */
export const importKindsOf = (desk: Pick<Desk, 'secret'>): readonly AnyImportKind[] => [
  ...organisation.importKinds,
  ...sites.importKinds(desk.secret),
  ...attendance.importKinds(desk.secret),
  ...makeups.importKinds(desk.secret),
]

/** A real sign-in for the demo's hands. */
export const { sessionCookie } = access
/** The edge of a process: who is asking. */
export const openEdge = access.openAccess
/** The same without waiting, where the cookie alone says it. */
export const atOnce = access.actorFromCookie

/** The one-time link of a first run; undefined when there is an administrator already. */
export const { createSetupLink } = access

/** Fills an empty demo database; does nothing when it is already full. */
export const demo: { prepare: (desk: Desk, progress: Progress) => Promise<void> } = {
  prepare: async (desk, progress) => void (await (await import('../demo/prepare.ts')).prepareDemo(desk, progress)),
}
