/** The letters on an avatar: of a Chinese name the last character, of "访客 3F2A" the start of its code, else the first letter. */
export function initial(name: string): string {
  const trimmed = name.trim()
  const code = /\s(\S{2})\S*$/u.exec(trimmed)?.[1]
  if (code && /^\p{Script=Han}|\d/u.test(trimmed)) return code.toUpperCase()
  const letters = [...trimmed]
  if (/^\p{Script=Han}/u.test(trimmed)) return letters[letters.length - 1] ?? '?'
  return (letters[0] ?? '?').toUpperCase()
}
