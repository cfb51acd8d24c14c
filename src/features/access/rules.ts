// What is true about rights and credentials, given the roles and the clock. No I/O.
import {
  type Actor,
  type Grant,
  holds,
  type NameTask,
  type Place,
  type Role,
  roles,
  type ScopeKind,
} from '../../platform/rights.ts'
import type { RoomKey } from './contract.ts'

/** Which roles a holder of each role may give, at or below the place she holds it: never one above her own. */
export const gives: Record<Role, readonly Role[]> = {
  administrator: roles,
  dataOfficer: [],
  organiser: ['organiser', 'head', 'director', 'moderator', 'speaker', 'siteManager', 'steward', 'cellSecretary'],
  head: [],
  director: ['moderator', 'speaker'],
  moderator: [],
  speaker: [],
  siteManager: ['steward'],
  steward: [],
  cellSecretary: [],
}
/** Where a role makes sense: nobody keeps the door of a whole campaign. */
export const fits: Record<Role, readonly ScopeKind[]> = {
  administrator: ['installation', 'unit'],
  dataOfficer: ['installation', 'unit'],
  organiser: ['unit', 'campaign', 'conference'],
  head: ['unit', 'campaign'],
  director: ['campaign', 'conference'],
  moderator: ['campaign', 'conference'],
  speaker: ['campaign', 'conference'],
  siteManager: ['site', 'conference'],
  steward: ['site'],
  cellSecretary: ['unit'],
}

/** The roles an actor may give on a place; `undefined` is the whole installation. */
export const mayGive = (actor: Actor, place: Place | undefined, kind: ScopeKind): Role[] => {
  const held = (Object.keys(gives) as Role[]).filter((role) => holds(actor, [role], place))
  const given = new Set(actor.kind === 'machine' ? gives.administrator : held.flatMap((role) => gives[role]))
  return (Object.keys(gives) as Role[]).filter((role) => given.has(role) && fits[role].includes(kind))
}

export type Dated = { from: string; to?: string | undefined }
/** Days are Vietnam's: «2021-01-14». The last day counts. */
export const inForce = ({ from, to }: Dated, today: string): boolean =>
  from <= today && (to === undefined || today <= to)

/**
 * A second factor is obligatory for whoever could do or see much: administrators, organisers, data officers,
 * and those who see names beyond one hall. Off only in the demo, which holds nobody's data.
 */
export const needsSecondFactor = (
  grants: readonly Grant[],
  nameTasks: readonly NameTask[],
  { demo }: { demo: boolean },
): boolean => {
  if (demo) return false
  const halls = grants.filter(({ role }) => role === 'siteManager' || role === 'steward')
  const oneHall = new Set(halls.map(({ scopeId }) => scopeId)).size <= 1 && halls.every(({ kind }) => kind === 'site')
  return (
    grants.some(({ role }) => role === 'administrator' || role === 'organiser' || role === 'dataOfficer') ||
    nameTasks.length > 0 ||
    !oneHall
  )
}

const roomsByRole: Record<Role, readonly RoomKey[]> = {
  administrator: ['tree', 'import', 'grants', 'staff', 'log'],
  dataOfficer: ['tree', 'people', 'import'],
  organiser: [
    'desk',
    'conferences',
    'sites',
    'tally',
    'ledger',
    'makeups',
    'report',
    'tree',
    'people',
    'import',
    'grants',
  ],
  head: ['desk', 'tally', 'ledger', 'report', 'tree'],
  director: ['control', 'moderation', 'tally'],
  moderator: ['moderation'],
  speaker: ['lectern'],
  siteManager: ['console'],
  steward: ['console'],
  cellSecretary: ['cell'],
}
const order: readonly RoomKey[] = [
  'control',
  'moderation',
  'lectern',
  'desk',
  'conferences',
  'sites',
  'tally',
  'ledger',
  'makeups',
  'report',
  'tree',
  'people',
  'import',
  'cell',
  'console',
  'member',
  'grants',
  'staff',
  'log',
]
const roomPaths: Record<RoomKey, string> = {
  control: '/dieu-khien',
  moderation: '/dieu-hanh',
  lectern: '/buc',
  desk: '/dot',
  conferences: '/hoi-nghi',
  sites: '/cac-diem-cau',
  tally: '/quan-so',
  ledger: '/so-cai',
  makeups: '/hoc-bu',
  report: '/bao-cao',
  tree: '/to-chuc',
  people: '/dang-vien',
  import: '/nhap-tep',
  cell: '/chi-bo',
  console: '/diem-cau',
  member: '/toi',
  grants: '/phan-quyen',
  staff: '/tai-khoan',
  log: '/nhat-ky',
}
/**
 * The rooms somebody's grants open, in the order of the bar. Consoles and cells stand once for each place; the officer of a unit
 * that keeps names has the room of her unit too.
 */
export function roomsOf(
  { grants, personId }: Pick<Actor, 'grants' | 'personId'>,
  nameOf: (scopeId: string) => string = () => '',
  keepsNames: (unitId: string) => boolean = () => false,
): { key: RoomKey; label: string; path: string }[] {
  const placesOf: Partial<Record<RoomKey, (grant: Grant) => boolean>> = {
    console: ({ role }) => role === 'siteManager' || role === 'steward',
    cell: ({ role, kind, scopeId }) =>
      role === 'cellSecretary' ||
      (role === 'organiser' && kind === 'unit' && scopeId !== undefined && keepsNames(scopeId)),
  }
  const open = new Set<RoomKey>(grants.flatMap(({ role }) => roomsByRole[role]))
  // Accounts and the log are the installation's: an administrator of a part gives rights there, no more.
  if (!grants.some(({ role, kind }) => role === 'administrator' && kind === 'installation')) {
    open.delete('staff')
    open.delete('log')
  }
  if (grants.some((grant) => placesOf.cell?.(grant))) open.add('cell')
  if (personId !== undefined) open.add('member')
  return order
    .filter((key) => open.has(key))
    .flatMap((key) => {
      const places = new Set(
        grants.flatMap((grant) => (placesOf[key]?.(grant) && grant.scopeId ? [grant.scopeId] : [])),
      )
      if (places.size === 0) return [{ key, label: '', path: roomPaths[key] }]
      return [...places].map((placeId) => ({ key, label: nameOf(placeId), path: `${roomPaths[key]}/${placeId}` }))
    })
}

/** Runs («123456», «654321») and repeats («111111», «121212», «123123») fall to the first five guesses. */
export function isWeakPin(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])))
  if (steps.size === 1 && [-1, 0, 1].includes([...steps][0]!)) return true
  return [1, 2, 3].some((size) => pin.slice(0, size).repeat(6 / size) === pin)
}

export const triesAllowed = { person: 5, address: 30 } as const
/** Minutes until a window of one hour, begun at `since`, is over; at least one. */
export const minutesUntilNextTry = (since: Date, now: Date): number =>
  Math.max(1, Math.ceil((since.getTime() + 3_600_000 - now.getTime()) / 60_000))
