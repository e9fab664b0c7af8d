import { Button } from '@yingda/antd'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Conversation } from '@yingda/api/types'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../lib/clock'
import { clock, count, hourMinute, span } from '../lib/format'
import { say, tagOf } from '../lib/i18n'
import { Icon } from '../lib/icon'
import { initial } from '../lib/people'
import { usePrefs } from '../lib/prefs'
import { useProblemText } from '../lib/problem'
import { useMe, useToday } from '../lib/session'
import { useGroups, useLists, useLive } from '../live/context'
import { byAge, urgency, waitsSince } from '../live/lists'
import type { DeskList } from '../router'
import { readDraft } from './drafts'
import { LeftNotice } from './left-notice'
import { resolvedToday } from './queries'
import { StateMenu, useChangeState } from './state-menu'

function Waited({ since, now }: { since: number; now: number }) {
  const { t } = useTranslation('desk')
  const level = urgency(now - since)
  return (
    <span className={`item-time n item-${level}`}>
      {level !== 'calm' && <Icon name="clock" />}
      <span className="sr">{t('row.waited')}</span>{clock(now - since)}
    </span>
  )
}

/** One conversation: who, the last words or the draft, how long it waits, what is unread. */
function Row({ one, current, list, time, action }: { one: Conversation; current: boolean; list: DeskList; time: ReactNode; action?: ReactNode }) {
  const { t } = useTranslation('desk')
  const { language } = usePrefs()
  const me = useMe()
  const draft = list === 'mine' && !current ? readDraft(me.agent, one.id).reply.trim() : ''
  const foreign = tagOf(one.lang) !== language
  return (
    <li className="item-box">
      <Link className="item" to="/desk/$conversation" params={{ conversation: one.id }} search={list === 'mine' ? {} : { list }} aria-current={current ? 'true' : undefined} activeProps={{}}>
        <span className="av" aria-hidden="true">{initial(one.customer.name)}<span className="ch"><Icon name="globe" /></span></span>
        <span className="item-name"><span className="el">{one.customer.name}</span>{foreign && <span className="tag">{t(`lang.${tagOf(one.lang)}`)}</span>}{list === 'queue' && one.queue && <span className="tag line el">{say(one.queue.name, language)}</span>}</span>
        {time}
        <span className="item-words" lang={draft ? undefined : tagOf(one.lang)}>
          <span className="el">
            {draft ? <><span className="brand">{t('row.draft')}</span> {draft}</>
              : one.preview ? (one.preview.by === 'agent' && list === 'mine' ? t('row.you', { text: one.preview.text }) : one.preview.text)
              : <span className="t3">{t('row.nothing_yet')}</span>}
          </span>
        </span>
        {list === 'mine' && one.unread > 0 && <span className="badge item-badge"><span aria-hidden="true">{one.unread > 99 ? '99+' : one.unread}</span><span className="sr">{t('row.unread', { count: one.unread })}</span></span>}
      </Link>
      {action}
    </li>
  )
}

function Group({ title, hot, total, aside, children }: { title: string; hot?: boolean; total: number; aside?: ReactNode; children: ReactNode }) {
  const { language } = usePrefs()
  return (
    <section aria-label={title}>
      <h2 className="group-head"><b className={hot ? 'hot' : 't2'}>{title}</b><span className="n">{count(total, language)}</span><span className="grow" />{aside}</h2>
      <ul>{children}</ul>
    </section>
  )
}

function Mine({ current }: { current: string | null }) {
  const { t } = useTranslation('desk')
  const { language } = usePrefs()
  const me = useMe()
  const now = useNow()
  const groups = useGroups()
  const { data: today } = useToday()
  const change = useChangeState()
  if (!groups) return <ListSkeleton />
  const { waitingForMe, waitingForCustomer, later } = groups
  if (waitingForMe.length + waitingForCustomer.length + later.length === 0) {
    return (
      <div className="empty">
        <p>{me.state === 'available' ? t('empty.nobody') : t('empty.not_available')}</p>
        {me.state !== 'available' && <Button type="primary" className="empty-start" loading={change.isPending} onClick={() => change.mutate('available')}>{t('empty.start')}</Button>}
        {today && <p className="empty-more">{t('empty.today', { resolved: count(today.resolved, language) })}</p>}
      </div>
    )
  }
  return (
    <>
      {waitingForMe.length > 0 && (
        <Group title={t('group.waiting_for_me')} hot total={waitingForMe.length} aside={<span className="plain">{t('group.longest_first')}</span>}>
          {waitingForMe.map((one) => <Row key={one.id} one={one} current={one.id === current} list="mine" time={<Waited since={waitsSince(one) ?? one.at} now={now} />} />)}
        </Group>
      )}
      {waitingForCustomer.length > 0 && (
        <Group title={t('group.waiting_for_customer')} total={waitingForCustomer.length}>
          {waitingForCustomer.map((one) => <Row key={one.id} one={one} current={one.id === current} list="mine" time={<span className="item-time n">{span(now - one.at, language)}</span>} />)}
        </Group>
      )}
      {later.length > 0 && (
        <Group title={t('group.later')} total={later.length}>
          {later.map((one) => <Row key={one.id} one={one} current={one.id === current} list="mine" time={<span className="item-time n">{one.due_at === null ? '' : hourMinute(one.due_at, me.time_zone)}</span>} />)}
        </Group>
      )}
    </>
  )
}

function Queue({ current }: { current: string | null }) {
  const { t } = useTranslation('desk')
  const lists = useLists()
  const live = useLive()
  const navigate = useNavigate()
  const now = useNow()
  const waiting = useMemo(() => (lists ? byAge(lists.queue.values()) : null), [lists])
  if (!waiting) return <ListSkeleton />
  if (waiting.length === 0) return <div className="empty"><p>{t('empty.queue')}</p></div>
  const take = (id: string) => {
    live.send(id, { type: 'take' })
    void navigate({ to: '/desk/$conversation', params: { conversation: id }, search: {} })
  }
  return (
    <Group title={t('group.queue')} total={waiting.length} aside={<span className="plain">{t('group.longest_first')}</span>}>
      {waiting.map((one) => (
        <Row key={one.id} one={one} current={one.id === current} list="queue" time={<Waited since={one.queued_at ?? one.at} now={now} />} action={<Button size="small" className="item-take" onClick={() => take(one.id)} aria-label={t('take_who', { name: one.customer.name })}>{t('take')}</Button>} />
      ))}
    </Group>
  )
}

function Resolved({ current }: { current: string | null }) {
  const { t } = useTranslation('desk')
  const me = useMe()
  const text = useProblemText()
  const pages = useInfiniteQuery(resolvedToday)
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? []
  if (pages.isPending) return <ListSkeleton />
  if (pages.isError && rows.length === 0) return <p className="notice hot list-notice" role="alert">{text(pages.error)}</p>
  if (rows.length === 0) return <div className="empty"><p>{t('empty.resolved')}</p></div>
  return (
    <>
      <ul className="resolved-list">
        {rows.map((one) => <Row key={one.id} one={one} current={one.id === current} list="resolved" time={<span className="item-time n">{hourMinute(one.resolved_at ?? one.at, me.time_zone)}</span>} />)}
      </ul>
      {pages.hasNextPage && <div className="empty"><Button size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t('more')}</Button></div>}
    </>
  )
}

function ListSkeleton() {
  return (
    <div className="list-skeleton" aria-hidden="true">
      {[0, 1, 2, 3].map((row) => <div key={row}><span className="skeleton" /><span><span className="skeleton" /><span className="skeleton" /></span></div>)}
    </div>
  )
}

const tabs: readonly DeskList[] = ['mine', 'queue', 'resolved']

export function ListPane({ current }: { current: string | null }) {
  const { t } = useTranslation('desk')
  const navigate = useNavigate()
  const { list = 'mine' } = useSearch({ from: '/inside/desk' })
  const lists = useLists()
  const totals: Record<DeskList, number | undefined> = { mine: lists?.mine.size, queue: lists?.queue.size, resolved: undefined }
  const show = (next: DeskList) => void navigate({ to: current ? '/desk/$conversation' : '/desk', params: { conversation: current ?? '' }, search: next === 'mine' ? {} : { list: next } })
  return (
    <section className="col list-pane" aria-label={t('pane.list')} data-pane tabIndex={-1}>
      <div className="list-top">
        <StateMenu />
        <div className="seg seg-wide" role="group" aria-label={t('pane.which')}>
          {tabs.map((tab) => (
            <button key={tab} type="button" aria-pressed={list === tab} onClick={() => show(tab)}>
              {t(`tab.${tab}`)}{totals[tab] !== undefined && <span className={tab === 'queue' && totals[tab] > 0 ? 'n b' : 'n t3 plain'}>{totals[tab]}</span>}
            </button>
          ))}
        </div>
      </div>
      <LeftNotice />
      <div className="scroll list-scroll">
        {list === 'mine' ? <Mine current={current} /> : list === 'queue' ? <Queue current={current} /> : <Resolved current={current} />}
      </div>
    </section>
  )
}
