import { queryOptions, useQuery, useSuspenseQuery, type QueryClient } from '@tanstack/react-query'
import type { Me, Permission, StaffSessions, Today } from '@yingda/api/types'
import { call } from '@yingda/api/client'
import { createStore } from './store'
import { clearToasts } from './toast'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call<Me>('GET', '/me', { signal }), staleTime: Infinity })
export const todayQuery = queryOptions({ queryKey: ['me', 'today'], queryFn: ({ signal }) => call<Today>('GET', '/me/today', { signal }), staleTime: 10_000, refetchInterval: 300_000 })
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => call<StaffSessions>('GET', '/auth/sessions', { signal }) })

/** The signed-in person. Only below the guarded route, where it is always there. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data
export function useToday() {
  const me = useMe()
  return useQuery({ ...todayQuery, enabled: may(me, 'desk') })
}

export const may = (me: Me, permission: Permission) => me.permissions.includes(permission)

/** Forgets what was read and shown for one person before another uses the page. */
export function forgetPerson(queryClient: QueryClient) {
  queryClient.clear()
  clearToasts()
  forgotten.set((n) => n + 1)
}

/** Rises whenever one person makes way for another: what a page keeps outside its components goes too. */
export const forgotten = createStore(0)

/** Rises whenever the server says that this device is not signed in any more. */
export const signedOut = createStore(0)
