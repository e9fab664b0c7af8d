import { Problem } from '@yingda/api/client'
import { useTranslation } from 'react-i18next'

/** The number of the request, for whoever looks for it in the log; nothing where none reached the server. */
export function RequestId({ error }: { error: unknown }) {
  const { t } = useTranslation('shell')
  if (!(error instanceof Problem) || !error.requestId) return null
  return <details className="s1 failed-details"><summary>{t('failure.details')}</summary>{t('failure.request')} <code>{error.requestId}</code></details>
}
