import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '@yingda/antd'
import type { Bilingual } from '@yingda/api/types'
import { prefs } from './prefs'

const files = import.meta.glob<Record<string, string>>('../../locales/*/*.json', { eager: true, import: 'default' })

function resources() {
  const all: Record<string, Record<string, Record<string, string>>> = {}
  for (const [path, words] of Object.entries(files)) {
    const [, language, feature] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
    if (!language || !feature) continue
    const features = (all[language] ??= {})
    features[feature] = words
  }
  return all
}

void i18next.use(initReactI18next).init({
  resources: resources(),
  lng: prefs.get().language,
  fallbackLng: 'zh-CN',
  defaultNS: 'common',
  keySeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false },
  returnNull: false,
})

prefs.subscribe(() => {
  const { language } = prefs.get()
  if (i18next.language !== language) void i18next.changeLanguage(language)
})

export { i18next }

/** The side of a bilingual text that the reader wants; the other side where that one is empty. */
export function say(text: Partial<Bilingual> | string | null | undefined, language: Language): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return (language === 'en' ? text.en || text.zh : text.zh || text.en) ?? ''
}

/** The `lang` attribute for words that may be in another language than the page. */
export const tagOf = (lang: string | null | undefined) => (lang && /^en/i.test(lang) ? 'en' : 'zh-CN')
