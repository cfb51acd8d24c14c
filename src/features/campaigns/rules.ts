// What is decided without looking anything up: the policy in force, how the roll differs, where a campaign stands.
import { fold } from '../../kernel/fold.ts'
import { dayOf } from '../../kernel/time.ts'
import { PresencePolicy, type phases, type RollChange } from './contract.ts'

/** `rules.md` of the domain, «Presence»: what holds until a committee approves otherwise. */
export const defaultPolicy: PresencePolicy = PresencePolicy.parse({})

export type Version<Body> = { version: number; inForceFrom: Date; body: Body }

/** The version that judges what happened at this moment: the last that had begun; before the first, the first. */
export function policyInForce<Body>(versions: readonly Version<Body>[], at: Date): Version<Body> | undefined {
  const inOrder = [...versions].sort(
    (one, other) => +one.inForceFrom - +other.inForceFrom || one.version - other.version,
  )
  return inOrder.filter(({ inForceFrom }) => inForceFrom <= at).at(-1) ?? inOrder[0]
}

/** May this version come after these? It never reaches back: what was judged stays judged. */
export function judgeNewPolicy(
  versions: readonly Version<PresencePolicy>[],
  next: { policy: PresencePolicy; inForceFrom: Date },
  now: Date,
): 'yes' | 'inThePast' | 'unchanged' | 'notAfterTheLast' {
  if (next.inForceFrom < now) return 'inThePast'
  const last = [...versions].sort((one, other) => one.version - other.version).at(-1)
  if (!last) return 'yes'
  if (next.inForceFrom <= last.inForceFrom) return 'notAfterTheLast'
  return samePolicy(last.body, next.policy) ? 'unchanged' : 'yes'
}
const samePolicy = (one: PresencePolicy, other: PresencePolicy) => canonical(one) === canonical(other)
const canonical = (policy: PresencePolicy) =>
  JSON.stringify({
    ...PresencePolicy.parse(policy),
    evidenceTaken: [...new Set(policy.evidenceTaken)].sort(),
  })

export const evidenceWords: Record<PresencePolicy['evidenceTaken'][number], string> = {
  doorScan: 'quét phiếu tại cửa',
  ownScan: 'tự quét mã của hội trường',
  typedCode: 'nhập mã phiếu',
  paper: 'danh sách giấy',
  stewardTick: 'người trực cửa đánh dấu',
  siteConfirmed: 'điểm cầu xác nhận cả hội trường',
  ownTick: 'tự xác nhận bằng mã của mốc',
  madeByOther: 'người khác làm hộ, có khai báo',
  replay: 'xem lại',
}

/** The policy as it is published: Vietnamese sentences, the same on screen and on paper. */
export function describePolicy(policy: PresencePolicy): string[] {
  const { n, d } = policy.presentAtLeast
  const leftOut = evidenceKindsOf(policy)
  return [
    n === d
      ? 'Có mặt đầy đủ khi được ghi nhận ở mọi mốc điểm danh của các buổi được triệu tập.'
      : `Có mặt đầy đủ khi được ghi nhận ở ít nhất ${n}/${d} số mốc điểm danh của các buổi được triệu tập${policy.onePerSession ? ', mỗi buổi ít nhất một mốc' : ''}. Ít hơn là dự một phần.`,
    policy.lateGraceMinutes === 0
      ? 'Mốc đóng là thôi tính.'
      : `Đến trong vòng ${policy.lateGraceMinutes} phút sau khi mốc đóng vẫn được tính, ghi rõ số phút muộn.`,
    policy.lateAcceptedByManager
      ? 'Đến muộn hơn nữa vẫn được ghi lại, và được tính khi người phụ trách điểm cầu (hoặc bí thư chi bộ, nếu dự trên thiết bị cá nhân) chấp nhận.'
      : 'Đến muộn hơn nữa vẫn được ghi lại nhưng không tính.',
    policy.wrongHallCounts
      ? 'Dự ở hội trường khác nơi được triệu tập vẫn được tính.'
      : 'Dự ở hội trường khác nơi được triệu tập được ghi lại nhưng không tính.',
    `Tự xác nhận: mã của mốc được đọc và chiếu trong ${policy.ownTick.shownSeconds} giây, nhận trong ${policy.ownTick.acceptedMinutes} phút, sai quá ${policy.ownTick.tries} lần thì khoá ở mốc đó.`,
    leftOut.length === 0
      ? 'Mọi cách ghi nhận đều được tính như nhau.'
      : `Được ghi lại nhưng không tính: ${leftOut.map((kind) => evidenceWords[kind]).join('; ')}.`,
    'Số phút điểm cầu bị mất tín hiệu không bao giờ tính là vắng.',
  ]
}
const evidenceKindsOf = (policy: PresencePolicy) =>
  (Object.keys(evidenceWords) as (keyof typeof evidenceWords)[]).filter((kind) => !policy.evidenceTaken.includes(kind))

/** Where a campaign stands, by the day its totals count on. */
export function phaseOf(
  campaign: { scopeFixedAt?: Date | undefined; countsOn?: string | undefined },
  now: Date,
): (typeof phases)[number] {
  if (!campaign.scopeFixedAt || !campaign.countsOn) return 'planning'
  const today = dayOf(now)
  return today < campaign.countsOn ? 'preparing' : today === campaign.countsOn ? 'today' : 'after'
}

/** The day people are counted on: the conference's own while it is still to come, then each day as it comes. */
export const rollDay = (countsOn: string, now: Date): string => (dayOf(now) > countsOn ? dayOf(now) : countsOn)

export type Standing = 'inScope' | 'exempt'
export type OnRoll = { unitId: string; standing: Standing }

/**
 * The change that brings a person's row on the roll to what the register of people says; none when they agree.
 * A transfer goes before an exemption: what is left is found the next time.
 */
export function differenceOf(roll: OnRoll | undefined, today: OnRoll | undefined): RollChange | undefined {
  if (!roll) return today ? 'join' : undefined
  if (!today) return 'leave'
  if (roll.unitId !== today.unitId) return 'transfer'
  if (roll.standing === today.standing) return undefined
  return today.standing === 'exempt' ? 'exempt' : 'exemptionEnded'
}

/** «tăng 12, giảm 9 so với lúc chốt» */
export const changeWords = ({ up, down }: { up: number; down: number }): string =>
  up === 0 && down === 0
    ? 'chưa có thay đổi so với lúc chốt'
    : `${[up > 0 ? `tăng ${up}` : '', down > 0 ? `giảm ${down}` : ''].filter(Boolean).join(', ')} so với lúc chốt`

/** Place in the order of positions; who holds none of them comes after all who do. «Phó Bí thư Đảng ủy» is a «Phó Bí thư». */
export function positionRank(position: string, order: readonly string[]): number {
  const said = fold(position)
  if (said === '') return order.length + 1
  const found = order.findIndex((one) => said === fold(one) || said.startsWith(`${fold(one)} `))
  return found === -1 ? order.length : found
}
