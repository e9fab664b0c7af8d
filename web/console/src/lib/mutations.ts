import { useMutation, useQueryClient, type InvalidateQueryFilters, type QueryClient, type QueryKey } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { isProblem, useProblemText } from './problem'
import { readAgain } from './read-again'
import { toast } from './toast'

export interface ChangeOptions<T, R> {
  /** puts in what the answer already tells */
  known?: (client: QueryClient, answer: R, input: T) => void
  /** whether the change has ended only when the pages show it (the default), or when the server has done it: where much is read again */
  waits?: boolean
}

/**
 * Changes something, after which what is shown below these keys, or fits these filters, is asked for again. A refusal is told at once, and looked into as well: what was refused is
 * often refused because what is shown is old.
 */
export function useChange<T, R>(keys: readonly (QueryKey | InvalidateQueryFilters)[], mutationFn: (input: T) => Promise<R>, { known, waits = true }: ChangeOptions<T, R> = {}) {
  const client = useQueryClient()
  const stale = () => Promise.all(keys.map((key) => readAgain(client, 'queryKey' in key ? key : { queryKey: key as QueryKey })))
  return useMutation({
    mutationFn,
    onSuccess: (answer, input) => {
      known?.(client, answer, input)
      const renewed = stale()
      return waits ? renewed : undefined
    },
    onError: () => void stale(),
  })
}

/** Says why something was refused; that somebody else was faster in words of its own. */
export function useRefused(): (error: unknown) => void {
  const { t } = useTranslation('shell')
  const text = useProblemText()
  return (error) => toast(isProblem(error, 'conflict') ? t('changed_meanwhile') : text(error), 'hot')
}

/** Says what was done and offers the way back for a while; then says that it was taken back, or why not. */
export function useUndo(): (told: string, back: () => Promise<unknown>) => void {
  const { t } = useTranslation('shell')
  const refused = useRefused()
  return (told, back) => toast(told, 'plain', { word: t('undo'), run: () => void back().then(() => toast(t('undone')), refused) })
}
