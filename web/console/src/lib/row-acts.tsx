import { Popup } from '@yingda/antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm, Question } from './confirm'
import { Icon } from './icon'
import './row-acts.css'

/** Something to do with a row. */
export interface Act {
  word: string
  /** Its whole name, where the word alone does not say of what. */
  label?: string
  disabled?: boolean
  /** What is asked first, where it cannot be taken back. */
  asks?: { ask: string; what: string; danger?: boolean }
  run(): void
}

interface ActsProps { acts: readonly Act[]; close(): void }

/** All of them by their words; what asks first asks in the same place. */
function Menu({ acts, close }: ActsProps) {
  const [asking, setAsking] = useState<Act | null>(null)
  if (asking?.asks) return <div className="row-acts-ask"><Question {...asking.asks} act={asking.word} onCancel={close} onConfirm={() => { close(); asking.run() }} /></div>
  return (
    <ul>
      {acts.map((act) => (
        <li key={act.word}><button type="button" className="y-menu-item" disabled={act.disabled} onClick={() => { if (act.asks) setAsking(act); else { close(); act.run() } }}>{act.word}</button></li>
      ))}
    </ul>
  )
}

/** What can be done with a row: quiet until the row is pointed at or focused, and always behind one button, for fingers too. */
export function RowActs({ name, acts }: { /** Of what. */ name: string; acts: readonly Act[] }) {
  const { t } = useTranslation('shell')
  if (acts.length === 0) return null
  return (
    <span className="row-acts">
      <span className="row-acts-near">
        {acts.map((act) => {
          if (act.asks) return <Confirm key={act.word} {...act.asks} label={act.label} act={act.word} disabled={act.disabled ?? false} onConfirm={act.run}>{act.word}</Confirm>
          return <button key={act.word} type="button" className="y-text-button" aria-label={act.label} disabled={act.disabled} onClick={act.run}>{act.word}</button>
        })}
      </span>
      <Popup label={t('acts.of', { name })} className="row-acts-menu" trigger={(props) => <button {...props} className="ib s" aria-label={t('acts.of', { name })} title={t('acts')}><Icon name="more" /></button>}>
        {(close) => <Menu acts={acts} close={close} />}
      </Popup>
    </span>
  )
}
