import { i18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { useSyncExternalStore } from 'react'

// Vietnamese is the source and travels inside the code: a phone in a village loads no catalogue. English is one file, fetched when asked for.
export const languages = { vi: 'Tiếng Việt', en: 'English' } as const
export type Language = keyof typeof languages
const key = 'diem-cau.language'

const kept = (): Language => {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'vi'
  } catch {
    return 'vi'
  }
}

export async function showLanguage(language: Language): Promise<void> {
  const messages = language === 'en' ? (await import('./words/en.po')).messages : {}
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

/** Call once before the first render; Vietnamese answers at once. A missing file falls back to Vietnamese. */
export async function startLanguage(): Promise<void> {
  // Vietnamese messages come uncompiled, in the code itself.
  i18n.setMessagesCompiler(compileMessage)
  await showLanguage(kept()).catch(() => showLanguage('vi'))
}

export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(key, language)
  } catch {
    // Private windows may refuse storage; the choice then lasts for this page.
  }
  await showLanguage(language)
}

export const useLanguage = (): Language =>
  useSyncExternalStore(
    (listener) => i18n.on('change', listener),
    () => (i18n.locale === 'en' ? 'en' : 'vi'),
  )
