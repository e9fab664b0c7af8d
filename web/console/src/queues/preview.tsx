import { Button } from '@yingda/antd'
import type { Conversation, Entry } from '@yingda/api/types'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ConversationLog } from '../desk/conversation-log'
import { Handed } from '../desk/handed'
import type { Uploading } from '../desk/uploads'
import { Icon } from '../lib/icon'
import { Kbd } from '../lib/kbd'
import { useNameOf } from '../lib/people'
import { useConversation } from '../live/context'
import '../desk/desk.css'
import '../desk/conversation.css'

const noUploads: readonly Uploading[] = []
const noEdit = () => undefined

/** Why somebody waits, as the entries tell it. */
function Reason({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation('queues')
  const why = entries.findLast(({ kind }) => kind === 'human_requested' || kind === 'transferred' || kind === 'returned' || kind === 'reopened')
  switch (why?.kind) {
    case 'human_requested': return t(why.body?.via === 'words' ? 'reason.words' : 'reason.button')
    case 'transferred': return t('reason.transferred', { name: why.body?.from_name ?? '' })
    case 'returned': return t('reason.returned')
    case 'reopened': return t('reason.reopened')
    default: return null
  }
}

/** Somebody who waits, read beside the list without being taken: why, what was wanted, and what was said. */
export function Preview({ id, one, onTake, onClose }: { id: string; one: Conversation | undefined; onTake(id: string): void; onClose(): void }) {
  const { t } = useTranslation('queues')
  const nameOf = useNameOf()
  const view = useConversation(id)
  const box = useRef<HTMLDivElement>(null)
  const name = one ? nameOf(one.customer) : ''
  return (
    <aside className="col conversation queue-preview" aria-label={t('preview')} data-pane tabIndex={-1}>
      <header className="conversation-head">
        <div className="grow"><h2 className="s4 el">{name}</h2><p className="s1 t3"><Reason entries={view.entries} /></p></div>
        {one && <Button type="primary" onClick={() => onTake(id)}>{t('take')}<Kbd keys="T" /></Button>}
        <button type="button" className="ib" aria-label={t('preview.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      {one ? (
        <>
          <Handed conversation={id} view={view} />
          <ConversationLog id={id} view={view} customer={name} unreadAfter={null} uploads={noUploads} box={box} onEdit={noEdit} />
        </>
      ) : <p className="empty" role="status">{t('preview.gone')}</p>}
    </aside>
  )
}
