import { CampaignDesk, type CampaignView, type DeskParts } from '../../../features/campaigns/web/index.ts'
import { useConferenceParts } from '../../../features/conferences/web/index.ts'

/** Later features add a line to each list; the order is that of the work. */
function useParts(campaign: CampaignView): DeskParts {
  const parts = [useConferenceParts(campaign)]
  return {
    needs: parts.flatMap(({ needs = [] }) => needs),
    steps: parts.flatMap(({ steps = [] }) => steps),
    coming: parts.flatMap(({ coming = [] }) => coming),
  }
}

export const CampaignRoom = () => <CampaignDesk useMore={useParts} />
