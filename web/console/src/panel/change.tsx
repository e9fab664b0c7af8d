import { useTranslation } from 'react-i18next'
import { percent } from '../lib/format'
import { usePrefs } from '../lib/prefs'
import { changeOf, type Measure } from './model'

/** By how much a number differs from what it is compared with; a dash where there is nothing to compare. */
export function Change({ measure, now, before }: { measure: Measure; now: number | null; before: number | null }) {
  const { t } = useTranslation('panel')
  const { language } = usePrefs()
  const change = changeOf(now, before, measure.rise)
  if (!change) return <span className="t3">{t('nothing')}</span>
  if (change.direction === 'same') return <span className="t3">{percent(0, language, 0)}</span>
  return (
    <span className={change.tone === 'plain' ? 't3' : change.tone}>
      <span aria-hidden="true">{change.direction === 'up' ? '↑' : '↓'} </span><span className="sr">{t(`change.${change.direction}`)}</span>{percent(Math.abs(change.share), language, 0)}
    </span>
  )
}
