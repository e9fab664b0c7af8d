import { Input } from '@yingda/antd'
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export interface PasswordFieldProps {
  label: ReactNode
  value: string
  onChange(value: string): void
  autoComplete: 'current-password' | 'new-password'
  error?: string | null
  hint?: string
  autoFocus?: boolean
}

/** A password with a switch to show it and a word when caps lock is on. */
export function PasswordField({ label, value, onChange, autoComplete, error, hint, autoFocus }: PasswordFieldProps) {
  const { t } = useTranslation('signin')
  const id = useId()
  const [caps, setCaps] = useState(false)
  const look = (event: KeyboardEvent) => setCaps(event.getModifierState('CapsLock'))
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input.Password
        id={id} size="large" name="password" autoComplete={autoComplete} autoFocus={autoFocus} value={value}
        status={error ? 'error' : ''} aria-invalid={error ? true : undefined} aria-describedby={`${id}-words`}
        onChange={(event) => onChange(event.target.value)} onKeyDown={look} onKeyUp={look} onBlur={() => setCaps(false)}
      />
      <span id={`${id}-words`}>
        {error ? <span className="field-error">{error}</span> : caps ? <span className="caps">{t('caps_lock')}</span> : hint ? <span className="t3">{hint}</span> : null}
      </span>
    </div>
  )
}
