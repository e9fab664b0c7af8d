import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect, type RouterHistory } from '@tanstack/react-router'
import type { MemberStatus, Permission, Role } from '@yingda/api/types'
import { chapters, type Chapter } from './handbook/names'
import { isProblem } from './lib/problem'
import { loadWords } from './lib/i18n'
import { adoptPrefs, prefs } from './lib/prefs'
import { may, meQuery, useMe } from './lib/session'
import { historySearch } from './panel/history/model'
import { settingsPlaces } from './settings/places'
import { Failure, NotFound, NotYours, Starting } from './shell/states'

export interface RouterContext { queryClient: QueryClient }

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failure })

export interface SignInSearch { next?: string; why?: 'revoked'; company?: string }

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {}),
    ...(search.why === 'revoked' ? { why: 'revoked' } : {}),
    ...(typeof search.company === 'string' && search.company !== '' ? { company: search.company.slice(0, 100) } : {}),
  }),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page'), 'SignInPage'),
})
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: lazyRouteComponent(() => import('./sign-in/welcome-page'), 'WelcomePage') })

/** Everything below is for signed-in people; the rest of the address is kept for after sign-in. */
const inside = createRoute({
  getParentRoute: () => root, id: 'inside', component: lazyRouteComponent(() => import('./shell/shell'), 'Shell'), pendingComponent: Starting, pendingMs: 200, errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery)
      adoptPrefs(me.agent)
      await loadWords(prefs.get().language)
      return { me }
    } catch (error) {
      if (isProblem(error, 'not_signed_in')) throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } })
      throw error
    }
  },
})

/** A page that nobody may see a part of without a permission: whoever lacks it is told so, and nothing is asked for in vain. */
const guarded = (permission: Permission, Page: ReturnType<typeof lazyRouteComponent>) =>
  Object.assign(() => (may(useMe(), permission) ? <Page /> : <NotYours />), { preload: Page.preload })

const start = createRoute({
  getParentRoute: () => inside, path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: context.me.role !== 'agent' && context.me.permissions.includes('panel') ? '/panel' : '/desk' })
  },
})

const deskPage = lazyRouteComponent(() => import('./desk/desk-page'), 'DeskPage')
export type DeskList = 'mine' | 'queue' | 'resolved'
const deskSearch = (search: Record<string, unknown>): { list?: DeskList } => (search.list === 'queue' || search.list === 'resolved' ? { list: search.list } : {})
const desk = createRoute({ getParentRoute: () => inside, path: '/desk', component: deskPage, validateSearch: deskSearch })
const deskConversation = createRoute({ getParentRoute: () => desk, path: '/$conversation' })

export type PanelWindow = 'today' | 'last_60'
export interface PanelSearch { window?: PanelWindow; open?: string; from?: number }
const panel = createRoute({
  getParentRoute: () => inside, path: '/panel', component: guarded('panel', lazyRouteComponent(() => import('./panel/panel-page'), 'PanelPage')),
  validateSearch: (search: Record<string, unknown>): PanelSearch => ({
    ...(search.window === 'last_60' ? { window: 'last_60' } : {}),
    ...(typeof search.open === 'string' && /^[a-z_]{1,40}$/.test(search.open) ? { open: search.open } : {}),
    ...(typeof search.from === 'number' ? { from: search.from } : {}),
  }),
})
const history = createRoute({ getParentRoute: () => inside, path: '/panel/history', component: guarded('panel', lazyRouteComponent(() => import('./panel/history/history-page'), 'HistoryPage')), validateSearch: historySearch })
const wallSetUp = createRoute({ getParentRoute: () => inside, path: '/panel/wall', component: guarded('panel', lazyRouteComponent(() => import('./panel/wall/set-up-page'), 'WallSetUpPage')) })
/** For a screen on the wall: outside the frame, and without sign-in where its address holds a link's secret. */
const wall = createRoute({
  getParentRoute: () => root, path: '/wall', component: lazyRouteComponent(() => import('./panel/wall/wall-page'), 'WallPage'),
  beforeLoad: ({ search }) => loadWords(search.lang ?? prefs.get().language),
  validateSearch: (search: Record<string, unknown>): { lang?: 'en' | 'zh-CN' } => (search.lang === 'en' || search.lang === 'zh-CN' ? { lang: search.lang } : {}),
})
export interface AnswersSearch { entry?: string; view?: 'entries' | 'proposed' | 'tests'; q?: string; category?: string; state?: string; sort?: string; /** With `proposed`: the question asked there, `conversation.seq`. */ asked?: string }
const answersWords = (search: Record<string, unknown>, ...names: (keyof AnswersSearch)[]) => Object.fromEntries(names.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [])))
const answers = createRoute({
  getParentRoute: () => inside, path: '/answers', component: guarded('knowledge.edit', lazyRouteComponent(() => import('./knowledge/knowledge-page'), 'KnowledgePage')),
  validateSearch: (search: Record<string, unknown>): AnswersSearch => ({
    ...answersWords(search, 'entry', 'q', 'category', 'state', 'sort', 'asked'),
    ...(search.view === 'proposed' || search.view === 'tests' ? { view: search.view } : {}),
  }),
})
const cannedReplies = createRoute({
  getParentRoute: () => inside, path: '/canned-replies', component: lazyRouteComponent(() => import('./canned-replies/canned-replies-page'), 'CannedRepliesPage'),
  validateSearch: (search: Record<string, unknown>): { q?: string } => (typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
})
export type GoodsSort = 'price_up' | 'price_down' | 'stock_up' | 'stock_down' | 'changed'
export interface GoodsSearch { q?: string; category?: string; state?: 'draft' | 'live' | 'off'; few?: true; deleted?: true; sort?: GoodsSort; open?: string }
const goodsSorts: readonly unknown[] = ['price_up', 'price_down', 'stock_up', 'stock_down', 'changed']
const goods = createRoute({
  getParentRoute: () => inside, path: '/goods', component: lazyRouteComponent(() => import('./goods/goods-page'), 'GoodsPage'),
  validateSearch: (search: Record<string, unknown>): GoodsSearch => ({
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(typeof search.category === 'string' && search.category !== '' ? { category: search.category } : {}),
    ...(search.state === 'draft' || search.state === 'live' || search.state === 'off' ? { state: search.state } : {}),
    ...(search.few === true ? { few: true } : {}),
    ...(search.deleted === true ? { deleted: true } : {}),
    ...(goodsSorts.includes(search.sort) ? { sort: search.sort as GoodsSort } : {}),
    ...(typeof search.open === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(search.open) ? { open: search.open } : {}),
  }),
})
export type QueuesTab = 'waiting' | 'left'
export interface QueuesSearch { tab?: 'left'; queue?: string; done?: true; /** The waiting conversation that is read beside the list. */ open?: string }
const queues = createRoute({
  getParentRoute: () => inside, path: '/queues', component: lazyRouteComponent(() => import('./queues/queues-page'), 'QueuesPage'),
  validateSearch: (search: Record<string, unknown>): QueuesSearch => ({
    ...(search.tab === 'left' ? { tab: 'left' } : {}),
    ...(typeof search.queue === 'string' && /^que_[0-9a-f]{32}$/.test(search.queue) ? { queue: search.queue } : {}),
    ...(search.done === true ? { done: true } : {}),
    ...(typeof search.open === 'string' && /^cnv_\w+$/.test(search.open) ? { open: search.open } : {}),
  }),
})

const settings = createRoute({ getParentRoute: () => inside, path: '/settings', component: lazyRouteComponent(() => import('./settings/settings-page'), 'SettingsPage') })
const settingsStart = createRoute({
  getParentRoute: () => settings, path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: settingsPlaces(context.me)[0]?.to ?? '/desk' })
  },
})
export interface PeopleSearch { q?: string; role?: Role; group?: string; status?: MemberStatus }
const people = createRoute({
  getParentRoute: () => settings, path: '/people', component: lazyRouteComponent(() => import('./settings/people-page'), 'PeoplePage'),
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    ...(typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
    ...(search.role === 'agent' || search.role === 'manager' || search.role === 'administrator' ? { role: search.role } : {}),
    ...(typeof search.group === 'string' ? { group: search.group } : {}),
    ...(search.status === 'invited' || search.status === 'active' || search.status === 'disabled' ? { status: search.status } : {}),
  }),
})
const groups = createRoute({ getParentRoute: () => settings, path: '/groups', component: lazyRouteComponent(() => import('./settings/groups-page'), 'GroupsPage') })
const queueSettings = createRoute({ getParentRoute: () => settings, path: '/queues', component: lazyRouteComponent(() => import('./settings/queue-settings-page'), 'QueueSettingsPage') })
const company = createRoute({ getParentRoute: () => settings, path: '/company', component: lazyRouteComponent(() => import('./settings/company-page'), 'CompanyPage') })
const sites = createRoute({ getParentRoute: () => settings, path: '/sites', component: lazyRouteComponent(() => import('./settings/sites-page'), 'SitesPage') })
const webhooks = createRoute({ getParentRoute: () => settings, path: '/webhooks', component: lazyRouteComponent(() => import('./webhooks/webhooks-page'), 'WebhooksPage') })
const handbook = createRoute({
  getParentRoute: () => inside, path: '/handbook', component: lazyRouteComponent(() => import('./handbook/handbook-page'), 'HandbookPage'),
  validateSearch: (search: Record<string, unknown>): { chapter?: Chapter } => {
    const chapter = chapters.find((one) => one === search.chapter)
    return chapter ? { chapter } : {}
  },
})
const sessions = createRoute({ getParentRoute: () => inside, path: '/sessions', component: lazyRouteComponent(() => import('./sessions/sessions-page'), 'SessionsPage') })

const tree = root.addChildren([signIn, welcome, wall, inside.addChildren([start, desk.addChildren([deskConversation]), panel, history, wallSetUp, goods, answers, cannedReplies, queues, settings.addChildren([settingsStart, people, groups, queueSettings, company, sites, webhooks]), handbook, sessions])])

export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({ routeTree: tree, basepath: '/console', context: { queryClient }, defaultPreload: 'intent', ...(history ? { history } : {}) })
}

declare module '@tanstack/react-router' {
  interface Register { router: ReturnType<typeof makeRouter> }
}
