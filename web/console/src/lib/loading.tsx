import { useTranslation } from 'react-i18next'
import './loading.css'

/** Rows of a table that are on their way, as high as those that come. */
export function LoadingRows({ rows, className = 'card' }: { rows: number; className?: string }) {
  const { t } = useTranslation('shell')
  return <div className={`${className} loading-rows`} role="status" aria-label={t('loading')}>{Array.from({ length: rows }, (_, index) => <span key={index}><i className="skeleton" /><i className="skeleton" /></span>)}</div>
}

/** Cards that are on their way, each with as many lines as those that come; they stand where these do (`className`). */
export function LoadingCards({ cards, lines, className, card }: { cards: number; lines: number; className: string; card: string }) {
  const { t } = useTranslation('shell')
  return <div className={`${className} loading-cards`} role="status" aria-label={t('loading')}>{Array.from({ length: cards }, (_, index) => <div key={index} className={card}>{Array.from({ length: lines }, (_, line) => <i key={line} className="skeleton" />)}</div>)}</div>
}
