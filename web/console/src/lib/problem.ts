import { Problem } from '@yingda/api/client'
import { useTranslation } from 'react-i18next'

const known = new Set([
  'bad_request', 'malformed_json', 'unknown_field', 'invalid_value', 'missing_field', 'too_large', 'unsupported_media_type', 'not_found', 'not_signed_in',
  'not_permitted', 'conflict', 'too_many_requests', 'internal', 'network', 'link_spent', 'link_expired', 'link_unknown', 'password_required', 'password_too_short',
  'password_too_long', 'sign_in_failed', 'canned_reply_shortcode_taken', 'upload_empty', 'upload_refused', 'conversation_closed', 'client_id_reused', 'no_access',
  'already_taken', 'not_queued', 'not_yours', 'not_active', 'transfer_target_not_free', 'transfer_target_unknown', 'too_many_webhooks', 'webhook_disabled', 'delivery_not_dead',
])

export const isProblem = (error: unknown, code?: string): error is Problem => error instanceof Problem && (code === undefined || error.code === code)

/** Says in the reader's language why something was refused. Takes an error or the code itself. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation('problem')
  return (error) => {
    const code = error instanceof Problem ? error.code : typeof error === 'string' ? error : 'internal'
    return known.has(code) ? t(`code.${code}`) : t('code.internal')
  }
}

export { known as knownProblemCodes }
