import { Button } from '@yingda/antd'
import { useTranslation } from 'react-i18next'
import './conflict.css'
import { isProblem } from './problem'

/** What stands there instead of what was changed: another version, or nothing any more. */
export type Other<T> = T | 'deleted'

/** What a refused change met, read anew; null where the refusal has another reason. Rejects where it cannot be read. */
export async function metBy<T>(refusal: unknown, read: () => Promise<T | null>): Promise<Other<T> | null> {
  if (!isProblem(refusal, 'conflict') && !isProblem(refusal, 'not_found')) return null
  try { return (await read()) ?? 'deleted' } catch (error) {
    if (isProblem(error, 'not_found')) return 'deleted'
    throw error
  }
}

/** A line of a version: what it is called, what it says, in which language. `named` is shown in any case, so that everybody knows what this is about. */
export interface Line { label: string; value: string; lang?: 'zh-CN' | 'en'; named?: boolean }

function Version({ title, lines, against }: { title: string; lines: readonly Line[]; against: readonly Line[] }) {
  const { t } = useTranslation('shell')
  // What both have alike says nothing about the choice.
  const shown = lines.map((line, index) => ({ line, differs: line.value.trim() !== (against[index]?.value ?? '').trim() })).filter(({ line, differs }) => differs || line.named)
  return (
    <section className="conflict-version">
      <h3>{title}</h3>
      <dl>
        {shown.map(({ line: { label, value, lang }, differs }) => (
          <div key={label} className={differs ? 'conflict-differs' : undefined}>
            <dt>{label}{differs && <span className="tag warn">{t('conflict.differs')}</span>}</dt>
            <dd lang={lang}>{value || t('conflict.empty')}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

interface ConflictProps { mine: readonly Line[]; theirs: readonly Line[] | null; onMine(): void; onTheirs(): void }

/** Somebody else changed it meanwhile, or deleted it (`theirs` is null): what differs, and the choice. Both versions have the same lines in the same order. */
export function Conflict({ mine, theirs, onMine, onTheirs }: ConflictProps) {
  const { t } = useTranslation('shell')
  return (
    <div className="conflict">
      <p className="notice warn" role="alert">{theirs ? t('conflict.changed') : t('conflict.deleted')}</p>
      <div className="conflict-versions">
        <Version title={t('conflict.mine')} lines={mine} against={theirs ?? mine} />
        {theirs && <Version title={t('conflict.theirs')} lines={theirs} against={mine} />}
      </div>
      <div className="row conflict-acts">
        <Button onClick={onTheirs}>{theirs ? t('conflict.take_theirs') : t('conflict.leave_deleted')}</Button>
        <Button type="primary" onClick={onMine}>{theirs ? t('conflict.take_mine') : t('conflict.create_again')}</Button>
      </div>
    </div>
  )
}
