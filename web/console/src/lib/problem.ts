import { Problem } from '@yingda/api/client'
import { useTranslation } from 'react-i18next'

const known = new Set([
  'bad_request', 'malformed_json', 'unknown_field', 'invalid_value', 'missing_field', 'too_large', 'unsupported_media_type', 'not_found', 'not_signed_in',
  'not_permitted', 'conflict', 'too_many_requests', 'internal', 'network', 'link_spent', 'link_expired', 'link_unknown', 'password_required', 'password_wrong', 'password_too_short',
  'password_too_long', 'sign_in_failed', 'company_required', 'canned_reply_shortcode_taken', 'upload_empty', 'too_many_files', 'upload_refused', 'files_full', 'busy', 'at_capacity', 'conversation_closed', 'client_id_reused', 'no_access',
  'already_taken', 'not_queued', 'not_yours', 'not_active', 'transfer_target_not_free', 'transfer_target_unknown', 'too_many_webhooks', 'webhook_disabled', 'delivery_not_dead', 'too_many_wall_links',
  'category_unknown', 'category_in_use', 'too_many_categories', 'picture_unknown', 'picture_unreadable', 'picture_too_large',
  'import_unreadable', 'import_no_rows', 'import_no_columns', 'import_column_twice', 'import_too_many', 'import_bad', 'import_outdated', 'import_running', 'import_too_large_unpacked', 'too_many_imports', 'too_many_pictures',
  'email_taken', 'email_invalid', 'name_deceptive', 'last_administrator', 'already_joined', 'member_disabled', 'group_name_taken', 'group_in_use', 'queue_name_taken', 'queue_in_use', 'queue_needs_member',
  'site_key_taken', 'site_in_use', 'last_site', 'interval_ends_before_it_begins', 'intervals_overlap', 'time_zone_unknown', 'origin_invalid',
  'knowledge_category_taken', 'knowledge_category_in_use', 'knowledge_full', 'knowledge_tests_full', 'knowledge_test_taken', 'knowledge_check_running', 'knowledge_no_tests', 'knowledge_unchanged',
  'knowledge_incomplete', 'knowledge_unchecked', 'knowledge_worse', 'knowledge_version_live', 'knowledge_file', 'knowledge_rows', 'knowledge_too_many',
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

/** The same beside a button that tries again: what happened, and no more. */
export function useFailureText(): (error: unknown) => string {
  const { t } = useTranslation('problem')
  const text = useProblemText()
  return (error) => (error instanceof Problem && error.code !== 'internal' && known.has(error.code) ? text(error) : t('failed'))
}

export { known as knownProblemCodes }
