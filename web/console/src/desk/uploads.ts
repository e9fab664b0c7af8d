import { useCallback, useEffect, useRef, useState } from 'react'
import { faultOf, upload } from './upload'

/** A file on its way into a conversation; it stays in place with its reason when it fails. */
export interface Uploading { key: string; conversation: string; name: string; share: number; code: string | null; retry: (() => void) | null; remove(): void }

const again = new Set(['network', 'internal', 'too_many_requests'])

export function useUploads(onUploaded: (conversation: string, file: string) => void) {
  const [list, setList] = useState<readonly Uploading[]>([])
  const running = useRef(new Map<string, () => void>())
  const done = useRef(onUploaded)
  useEffect(() => { done.current = onUploaded })
  useEffect(() => {
    const all = running.current
    return () => { for (const cancel of all.values()) cancel() }
  }, [])

  const add = useCallback((conversation: string, files: Iterable<File>) => {
    const patch = (key: string, change: Partial<Uploading>) => setList((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)))
    const remove = (key: string) => {
      running.current.get(key)?.()
      running.current.delete(key)
      setList((before) => before.filter((one) => one.key !== key))
    }
    const begin = (key: string, file: File) => {
      patch(key, { share: 0, code: null, retry: null })
      const task = upload(file, (share) => patch(key, { share }))
      running.current.set(key, task.cancel)
      task.done.then(
        ({ id }) => { running.current.delete(key); setList((before) => before.filter((one) => one.key !== key)); done.current(conversation, id) },
        (code: string) => {
          running.current.delete(key)
          if (code !== 'cancelled') patch(key, { code, retry: again.has(code) ? () => begin(key, file) : null })
        },
      )
    }
    for (const file of files) {
      const key = crypto.getRandomValues(new Uint32Array(2)).join('-')
      const code = faultOf(file)
      setList((before) => [...before, { key, conversation, name: file.name, share: 0, code, retry: null, remove: () => remove(key) }])
      if (!code) begin(key, file)
    }
  }, [])

  return { list, add }
}
