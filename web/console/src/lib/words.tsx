import { Fragment, type ReactNode } from 'react'

const address = /\bhttps?:\/\/[^\s<>"'，。；！？、）】》]+/gu

/** Plain text with its web addresses made into links. */
export function withLinks(text: string): ReactNode {
  const parts: ReactNode[] = []
  let at = 0
  for (const found of text.matchAll(address)) {
    const url = found[0].replace(/[.,;:!?)]+$/, '')
    parts.push(text.slice(at, found.index), <a key={found.index} href={url} target="_blank" rel="noopener noreferrer nofollow">{url}</a>)
    at = found.index + url.length
  }
  if (parts.length === 0) return text
  parts.push(text.slice(at))
  return parts.map((part, index) => <Fragment key={index}>{part}</Fragment>)
}

/** The language the words are written in, as far as their script tells. */
export const langOf = (text: string): 'zh-CN' | 'en' | undefined => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : /[a-z]{2}/i.test(text) ? 'en' : undefined)
