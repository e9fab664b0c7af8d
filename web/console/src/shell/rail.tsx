import { Link, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../lib/icon'
import { may, useMe } from '../lib/session'
import { useWaitingForMe } from '../live/context'
import { AvatarMenu } from './avatar-menu'
import { Mark } from './mark'

export interface Place { to: '/desk' | '/panel' | '/canned-replies' | '/settings/webhooks'; icon: IconName; word: string }

/** The pages this person may open, in the order of the rail. */
export function usePlaces(): Place[] {
  const { t } = useTranslation('shell')
  const me = useMe()
  const places: Place[] = []
  if (may(me, 'desk')) places.push({ to: '/desk', icon: 'message', word: t('rail.desk') })
  if (may(me, 'panel')) places.push({ to: '/panel', icon: 'chart', word: t('rail.panel') })
  places.push({ to: '/canned-replies', icon: 'bolt', word: t('rail.canned_replies') })
  if (may(me, 'integrations')) places.push({ to: '/settings/webhooks', icon: 'settings', word: t('rail.settings') })
  return places
}

export function WaitingBadge() {
  const { t } = useTranslation('shell')
  const waiting = useWaitingForMe()
  if (waiting === 0) return null
  return (
    <span className="badge">
      <span aria-hidden="true">{waiting > 99 ? '99+' : waiting}</span>
      <span className="sr">{t('rail.waiting', { count: waiting })}</span>
    </span>
  )
}

export function Rail() {
  const { t } = useTranslation('shell')
  const places = usePlaces()
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      <Link className="rail-logo" to="/" aria-label={t('product')}><Mark /></Link>
      {places.map((place) => (
        <Link key={place.to} to={place.to} className="rail-link" activeProps={{ 'aria-current': 'page' }}>
          <Icon name={place.icon} />
          <span>{place.word}</span>
          {place.to === '/desk' && <WaitingBadge />}
        </Link>
      ))}
      <span className="grow" />
      <AvatarMenu side="beside" />
    </nav>
  )
}

/** The bottom bar of narrow screens. It makes room while a conversation is read. */
export function BottomBar() {
  const { t } = useTranslation('shell')
  const places = usePlaces()
  const location = useRouterState({ select: (state) => state.location })
  const onQueue = location.pathname.startsWith('/desk') && (location.search as { list?: string }).list === 'queue'
  if (/^\/desk\/./.test(location.pathname)) return null
  return (
    <nav className="bottom-bar" aria-label={t('rail.label')}>
      {places.map((place) => (
        <Link key={place.to} to={place.to} search={{}} className="bottom-link" {...(location.pathname.startsWith(place.to) && !(place.to === '/desk' && onQueue) ? { 'aria-current': 'page' as const } : {})} activeProps={{}}>
          <Icon name={place.icon} />
          <span>{place.word}</span>
          {place.to === '/desk' && <WaitingBadge />}
        </Link>
      ))}
      <AvatarMenu side="above" />
    </nav>
  )
}
