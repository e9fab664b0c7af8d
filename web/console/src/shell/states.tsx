import { Button } from '@yingda/antd'
import { Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Problem } from '@yingda/api/client'
import { useProblemText } from '../lib/problem'

export function Starting() {
  const { t } = useTranslation('shell')
  return <div className="state-page" role="status"><p>{t('starting')}</p></div>
}

/** A page that cannot be shown: what happened and what to do; the request's id behind the details. */
export function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation('shell')
  const text = useProblemText()
  const router = useRouter()
  return (
    <main className="state-page">
      <h1>{t('failure.title')}</h1>
      <p>{text(error)}</p>
      <Button type="primary" onClick={() => void router.invalidate()}>{t('failure.again')}</Button>
      {error instanceof Problem && error.requestId && (
        <details className="s1 t3"><summary>{t('failure.details')}</summary><code>{error.requestId}</code></details>
      )}
    </main>
  )
}

export function NotFound() {
  const { t } = useTranslation('shell')
  return (
    <main className="state-page">
      <h1>{t('not_found.title')}</h1>
      <Link to="/">{t('not_found.home')}</Link>
    </main>
  )
}
