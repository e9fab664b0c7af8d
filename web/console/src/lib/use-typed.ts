import { useEffect, useRef, useState } from "react";

/** The words in a search field: typed, they go into the address after a pause; an address opened from elsewhere fills the field. */
export function useTyped(q: string, go: (q: string) => void): [string, (words: string) => void] {
  const [words, setWords] = useState(q);
  const sent = useRef(q);
  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  });
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setWords(q);
  }, [q]);
  useEffect(() => {
    const next = words.trim();
    if (next === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = next;
      latest.current(next);
    }, 200);
    return () => clearTimeout(timer);
  }, [words]);
  return [words, setWords];
}
