import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '@yingda/api/client'
import type { CannedReplies, CannedReply } from '@yingda/api/types'
import { useChange } from '../lib/mutations'

/** What a person writes; the server adds the rest. */
export interface CannedReplyFields { shortcode: string; title: string; body: { zh: string; en: string } }

/** Everything about canned replies lives below this key; a push from the server makes all of it stale. */
export const cannedRepliesKey = ['canned-replies'] as const

export const cannedReplies = (q: string) => infiniteQueryOptions({
  queryKey: [...cannedRepliesKey, 'list', q],
  queryFn: ({ pageParam, signal }) => call<CannedReplies>('GET', '/canned-replies', { query: { q, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  placeholderData: (before) => before,
})

/** One reply as it stands now; null when somebody has deleted it. */
export async function currentReply(id: string): Promise<CannedReply | null> {
  let cursor: string | null = null
  do {
    const page: CannedReplies = await call('GET', '/canned-replies', { query: { cursor } })
    const found = page.items.find((one) => one.id === id)
    if (found) return found
    cursor = page.next
  } while (cursor !== null)
  return null
}

export const useCreateReply = () => useChange([cannedRepliesKey], (fields: CannedReplyFields) => call<CannedReply>('POST', '/canned-replies', { body: fields }))

/** `seen` is the version the change was made on; the server refuses it with `conflict` when somebody else was faster. */
export const useUpdateReply = () => useChange([cannedRepliesKey], ({ id, seen, fields }: { id: string; seen: number; fields: CannedReplyFields }) => call<CannedReply>('PATCH', `/canned-replies/${id}`, { body: { ...fields, seen } }))

export const useDeleteReply = () => useChange([cannedRepliesKey], (id: string) => call<undefined>('DELETE', `/canned-replies/${id}`))
