import { useCallback, useState } from 'react'

type Opened = 'keys' | 'sources' | 'parts' | 'messages' | 'session' | 'onAir' | { siteId: string } | { topicId: string }
export type Dialogs = ReturnType<typeof useDialogs>

/** The dialog that stands open: one at a time, about the room, a hall or a topic. */
export function useDialogs() {
  const [opened, open] = useState<Opened>()
  const about: { siteId?: string; topicId?: string } = typeof opened === 'object' ? opened : {}
  return {
    opened,
    siteId: about.siteId,
    topicId: about.topicId,
    open,
    openSite: useCallback((siteId: string) => open({ siteId }), []),
    openTopic: useCallback((topicId: string) => open({ topicId }), []),
    close: useCallback(() => open(undefined), []),
  }
}
