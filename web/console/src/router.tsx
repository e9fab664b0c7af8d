import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect, type RouterHistory } from '@tanstack/react-router'
import { isProblem } from './lib/problem'
import { adoptPrefs } from './lib/prefs'
import { meQuery } from './lib/session'
import { Shell } from './shell/shell'
import { Failure, NotFound, Starting } from './shell/states'

export interface RouterContext { queryClient: QueryClient }

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failure })

export interface SignInSearch { next?: string; why?: 'revoked' }

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {}),
    ...(search.why === 'revoked' ? { why: 'revoked' } : {}),
  }),
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page'), 'SignInPage'),
})
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: lazyRouteComponent(() => import('./sign-in/welcome-page'), 'WelcomePage') })

/** Everything below is for signed-in people; the rest of the address is kept for after sign-in. */
const inside = createRoute({
  getParentRoute: () => root, id: 'inside', component: Shell, pendingComponent: Starting, pendingMs: 200, errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery)
      adoptPrefs(me.agent)
      return { me }
    } catch (error) {
      if (isProblem(error, 'not_signed_in')) throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } })
      throw error
    }
  },
})

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
  getParentRoute: () => inside, path: '/panel', component: lazyRouteComponent(() => import('./panel/panel-page'), 'PanelPage'),
  validateSearch: (search: Record<string, unknown>): PanelSearch => ({
    ...(search.window === 'last_60' ? { window: 'last_60' } : {}),
    ...(typeof search.open === 'string' && /^[a-z_]{1,40}$/.test(search.open) ? { open: search.open } : {}),
    ...(typeof search.from === 'number' ? { from: search.from } : {}),
  }),
})
const cannedReplies = createRoute({
  getParentRoute: () => inside, path: '/canned-replies', component: lazyRouteComponent(() => import('./canned-replies/canned-replies-page'), 'CannedRepliesPage'),
  validateSearch: (search: Record<string, unknown>): { q?: string } => (typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {}),
})
const webhooks = createRoute({ getParentRoute: () => inside, path: '/settings/webhooks', component: lazyRouteComponent(() => import('./webhooks/webhooks-page'), 'WebhooksPage') })
const sessions = createRoute({ getParentRoute: () => inside, path: '/sessions', component: lazyRouteComponent(() => import('./sessions/sessions-page'), 'SessionsPage') })

const tree = root.addChildren([signIn, welcome, inside.addChildren([start, desk.addChildren([deskConversation]), panel, cannedReplies, webhooks, sessions])])

export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({ routeTree: tree, basepath: '/console', context: { queryClient }, defaultPreload: 'intent', ...(history ? { history } : {}) })
}

declare module '@tanstack/react-router' {
  interface Register { router: ReturnType<typeof makeRouter> }
}
