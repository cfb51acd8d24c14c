import type { Messages } from '@lingui/core'

/** Each feature keeps its English beside its screens; here they come together, one small file each. */
export const english = Object.values(import.meta.glob<{ messages: Messages }>('../../features/*/web/words/en.po'))
