import { Button, Popup } from '@yingda/antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ConfirmProps { ask: string; what: string; act: string; disabled?: boolean; danger?: boolean; children: ReactNode; onConfirm(): void }

/** A button that asks once before it does what cannot be taken back. */
export function Confirm({ ask, what, act, disabled = false, danger = false, children, onConfirm }: ConfirmProps) {
  const { t } = useTranslation('shell')
  return (
    <Popup label={ask} className="ask" trigger={(props) => <button {...props} type="button" className={danger ? 'y-text-button hot' : 'y-text-button'} disabled={disabled}>{children}</button>}>
      {(close) => (
        <>
          <p>{ask}</p>
          <p className="s2 t3">{what}</p>
          <div className="row ask-acts">
            <Button size="small" data-autofocus onClick={close}>{t('cancel')}</Button>
            <Button size="small" danger={danger} type="primary" onClick={() => { close(); onConfirm() }}>{act}</Button>
          </div>
        </>
      )}
    </Popup>
  )
}
