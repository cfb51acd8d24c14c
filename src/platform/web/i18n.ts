import { i18n, type Messages } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { useSyncExternalStore } from 'react'

// Vietnamese is the source and travels inside the code: a phone in a village loads no catalogue. English is fetched when asked for.
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

type Catalogue = () => Promise<{ messages: Messages }>
let catalogues: readonly Catalogue[] = [() => import('./words/en.po')]

export async function showLanguage(language: Language): Promise<void> {
  const parts = language === 'en' ? await Promise.all(catalogues.map((bring) => bring())) : []
  const messages: Messages = Object.assign({}, ...parts.map((part) => part.messages))
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

/**
 * Call once before the first render, with the English of the features a page shows.
 * Vietnamese answers at once; a file that cannot be had falls back to Vietnamese.
 */
export async function startLanguage(english: readonly Catalogue[] = []): Promise<void> {
  catalogues = [...english, ...catalogues]
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
