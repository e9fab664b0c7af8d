import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePrefs } from '../lib/prefs'
import { useProblemText } from '../lib/problem'
import { useMe } from '../lib/session'
import { chapterAt, chapterOf, chapters, pictureAt, readChapter } from './chapters'
import { Markdown, type Ways } from './markdown'
import './handbook.css'

const ways: Ways = {
  picture: (path, alt) => <img src={pictureAt(path)} alt={alt} loading="lazy" />,
  link: (href, words) => {
    const chapter = chapterAt(href)
    return chapter ? <Link to="/handbook" search={{ chapter }}>{words}</Link> : <span>{words}</span>
  },
}

/** How each thing is done, for the one who reads it first; the other chapters are a press away. */
export function HandbookPage() {
  const { t } = useTranslation('handbook')
  const { language } = usePrefs()
  const me = useMe()
  const problem = useProblemText()
  const { chapter = chapterOf(me.role) } = useSearch({ from: '/inside/handbook' })
  const text = useQuery({ queryKey: ['handbook', chapter, language], queryFn: () => readChapter(chapter, language), staleTime: Infinity })
  return (
    <div className="page">
      <header className="page-head">
        <nav className="handbook-chapters" aria-label={t('chapters')}>
          {chapters.map((one) => <Link key={one} to="/handbook" search={{ chapter: one }} aria-current={one === chapter ? 'page' : undefined}>{t(`for.${one}`)}</Link>)}
        </nav>
      </header>
      <div className="page-body" data-pane tabIndex={-1}>
        {text.isError && <p className="notice hot" role="alert">{problem(text.error)}</p>}
        <article className="card handbook">{text.data && <Markdown text={text.data} ways={ways} />}</article>
      </div>
    </div>
  )
}
