// Who may, pure. Names are judged apart, by the person's own grassroots unit: a role higher up opens totals only.
import { byRole, either, herself, type PolicyFor, type Role, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const planners: readonly Role[] = ['organiser']
const readers: readonly Role[] = ['organiser', 'head', 'administrator']
const registrars: readonly Role[] = ['organiser', 'administrator']

const onConference = (wanted: readonly Role[]) =>
  byRole<{ conferenceId: string }>(wanted, 'conference', (i) => i.conferenceId)
const onSite = (wanted: readonly Role[]) => byRole<{ siteId: string }>(wanted, 'site', (i) => i.siteId)
const onUnit = (wanted: readonly Role[]) => byRole<{ unitId?: string | undefined }>(wanted, 'unit', (i) => i.unitId)
const conferenceOrUnit = (onWhole: readonly Role[], onPart: readonly Role[]) =>
  either<{ conferenceId: string; unitId?: string | undefined }>(onConference(onWhole), onUnit(onPart))

export const policy = {
  listSites: onUnit(['organiser', 'head', 'administrator', 'siteManager']),
  site: onSite(['organiser', 'head', 'administrator', 'siteManager', 'steward']),
  addSite: onUnit(registrars),
  changeSite: onSite(registrars),
  setContact: onSite(['organiser', 'administrator', 'siteManager']),
  setEquipment: onSite(['organiser', 'administrator', 'siteManager']),
  closeSite: onSite(registrars),

  attachSites: onConference(planners),
  // A unit below adds and takes back its own sites until the campaign's cut-off.
  attachSite: either<{ conferenceId: string; siteId: string }>(onConference(planners), onSite(planners)),
  detachSite: either<{ conferenceId: string; siteId: string }>(onConference(planners), onSite(planners)),
  reportReady: onSite(['siteManager', 'organiser']),
  listConferenceSites: conferenceOrUnit(readers, readers),

  proposeSeating: onConference(planners),
  seating: conferenceOrUnit(readers, [...readers, 'cellSecretary']),
  tryAddedSite: onConference(planners),
  moveSeats: onConference(planners),
  undoMove: onConference(planners),
  confirmSeating: onConference(planners),
  seatingSheet: conferenceOrUnit(readers, readers),

  summonsCounts: conferenceOrUnit(readers, [...readers, 'cellSecretary']),
  // The operations ask for the names of the person's own unit, also by a dated task.
  listSummons: signedIn,
  listUnsummoned: signedIn,
  summon: signedIn,
  register: signedIn,
  withdrawSummons: signedIn,
  substitute: signedIn,
  excuse: signedIn,
  markUndeliverable: signedIn,
  mySummons: herself('entered'),

  makePapers: conferenceOrUnit(planners, planners),
  listPapers: conferenceOrUnit(planners, ['organiser', 'cellSecretary']),
  paper: signedIn,
  sealedSlip: signedIn,
  summonsSheet: signedIn,
} satisfies PolicyFor<typeof contract>
