import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@yingda/api/client'
import type { Indicator, IndicatorConversations, Panel } from '@yingda/api/types'

/** The first picture; what follows is pushed. */
export const firstPanel = queryOptions({ queryKey: ['panel'], queryFn: ({ signal }) => call<Panel>('GET', '/panel', { signal }), staleTime: 0 })

/** The one definition of every number: names, rules, units. */
export const indicators = queryOptions({ queryKey: ['indicators'], queryFn: ({ signal }) => call<Indicator[]>('GET', '/indicators', { signal }), staleTime: Infinity })

export type DoorWindow = 'today' | 'last_60' | 'minute'

/** The very conversations behind a number. */
export const behind = (indicator: string, window: DoorWindow, from: number | undefined) => infiniteQueryOptions({
  queryKey: ['panel', 'behind', indicator, window, from ?? null],
  queryFn: ({ pageParam, signal }) => call<IndicatorConversations>('GET', `/panel/${indicator}/conversations`, { query: { window, from, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: 0,
})
