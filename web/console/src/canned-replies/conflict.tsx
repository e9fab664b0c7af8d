import { Button } from '@yingda/antd'
import { useTranslation } from 'react-i18next'
import type { CannedReplyFields } from './queries'

function Version({ title, fields, against }: { title: string; fields: CannedReplyFields; against: CannedReplyFields }) {
  const { t } = useTranslation('canned')
  const rows = [
    ['shortcode', `/${fields.shortcode}`, fields.shortcode !== against.shortcode, undefined], ['title', fields.title, fields.title !== against.title, undefined],
    ['zh', fields.body.zh, fields.body.zh !== against.body.zh, 'zh-CN'], ['en', fields.body.en, fields.body.en !== against.body.en, 'en'],
  ] as const
  return (
    <section className="conflict-version">
      <h3>{title}</h3>
      <dl>
        {rows.map(([name, value, differs, lang]) => (
          <div key={name} className={differs ? 'conflict-differs' : undefined}>
            <dt>{t(`field.${name}`)}{differs && <span className="tag warn">{t('conflict.differs')}</span>}</dt>
            <dd lang={lang}>{value || t('conflict.empty')}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Somebody else changed or deleted the reply meanwhile: both versions, and the choice. */
export function Conflict({ mine, theirs, onMine, onTheirs }: { mine: CannedReplyFields; theirs: CannedReplyFields | null; onMine(): void; onTheirs(): void }) {
  const { t } = useTranslation('canned')
  return (
    <div className="conflict">
      <p className="notice warn" role="alert">{theirs ? t('conflict.changed') : t('conflict.deleted')}</p>
      <div className="conflict-versions">
        <Version title={t('conflict.mine')} fields={mine} against={theirs ?? mine} />
        {theirs && <Version title={t('conflict.theirs')} fields={theirs} against={mine} />}
      </div>
      <div className="row reply-form-acts">
        <Button onClick={onTheirs}>{theirs ? t('conflict.take_theirs') : t('conflict.leave_deleted')}</Button>
        <Button type="primary" onClick={onMine}>{theirs ? t('conflict.take_mine') : t('conflict.create_again')}</Button>
      </div>
    </div>
  )
}
