import { Plural, Trans } from '@lingui/react/macro'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { CampaignView, DeskParts, Need } from '../../campaigns/web/index.ts'
import { listConferences } from '../contract.ts'

/** What the campaign's desk says of its conferences: the step, what waits for an approval, the days to come. */
export function useConferenceParts(campaign: Pick<CampaignView, 'campaignId'>): DeskParts {
  const { value } = useAnswer(listConferences, {
    campaignId: campaign.campaignId,
    purposes: ['study', 'class', 'contest', 'outreach', 'meeting'],
    size: 50,
  })
  if (!value) return {}
  const study = value.rows.filter(({ purpose }) => purpose === 'study')
  const drafts = value.rows.filter(({ state }) => state === 'draft')
  const live = study.find(({ state }) => state === 'live')
  const closed = study.filter(({ state }) => state === 'closed').length
  const [first] = study
  const needs: Need[] = []
  const plans = value.abilities.includes('createConference')
  if (plans && value.total === 0)
    needs.push({
      key: 'conference',
      what: <Trans>Chưa có hội nghị nào</Trans>,
      fact: <Trans>Lập hội nghị, buổi và chuyên đề trước; điểm cầu và giấy triệu tập theo đó mà xếp.</Trans>,
      verb: <Trans>Lập hội nghị</Trans>,
      href: '/hoi-nghi/moi',
    })
  else if (plans && drafts.length > 0) {
    const [draft] = drafts
    needs.push({
      key: 'drafts',
      what: (
        <Trans>
          <Plural value={drafts.length} other="# hội nghị chưa duyệt chương trình" />
        </Trans>
      ),
      fact: draft?.name,
      due: draft?.startsAt && <Trans>Họp ngày {formatDay(new Date(draft.startsAt))}</Trans>,
      verb: <Trans>Xem và duyệt</Trans>,
      href: drafts.length === 1 && draft ? `/hoi-nghi/${draft.conferenceId}` : '/hoi-nghi?buoc=draft',
    })
  }
  return {
    needs,
    steps: [
      {
        key: 'conference',
        label: <Trans>Hội nghị</Trans>,
        state: study.length > 0 && closed === study.length ? 'done' : 'now',
        words: live ? (
          <Trans>Đang diễn ra</Trans>
        ) : study.length === 0 ? (
          <Trans>Chưa lập</Trans>
        ) : closed === study.length ? (
          <Trans>Xong</Trans>
        ) : (
          <Trans>Đang chuẩn bị</Trans>
        ),
        when: first?.startsAt && formatDay(new Date(first.startsAt)),
        detail: study.length > 0 && <Plural value={study.length} other="# hội nghị học tập" />,
        href: '/hoi-nghi',
      },
    ],
    coming: value.rows.flatMap(({ conferenceId, name, startsAt }) =>
      startsAt ? [{ key: conferenceId, at: new Date(startsAt), what: name, href: `/hoi-nghi/${conferenceId}` }] : [],
    ),
  }
}
