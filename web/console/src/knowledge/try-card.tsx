import { Button, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { Tried } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { usePrefs } from "../lib/prefs";
import { usePaused } from "../lib/use-paused";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { pause } from "./phrasings";
import { tried, useCreateTest } from "./queries";
import { bare, sideOf, tagOfSide } from "./texts";

interface TryProps {
  text: string;
  revision: number;
  entry: string | null;
  onText(text: string): void;
  onOpen(id: string): void;
  onAdd(text: string): void;
}

const of = (score: number) => `${Math.round(Math.min(1, score) * 100)}%`;

/** A probability from 0 to 1, with the limits that matter for it. */
function Bar({ value, limits }: { value: number; limits: number[] }) {
  return (
    <div className="kn-bar" aria-hidden="true">
      <i style={{ inlineSize: of(value) }} />
      {limits.map((limit) => (
        <b key={limit} style={{ insetInlineStart: of(limit) }} />
      ))}
    </div>
  );
}

function Covered({ found }: { found: Tried }) {
  const { t } = useTranslation("knowledge");
  return (
    <div className="kn-covered">
      <div className="row">
        <span className="grow">{t("try.covered")}</span>
        <span className="n">{found.covered.toFixed(2)}</span>
      </div>
      <Bar value={found.covered} limits={[found.likely, found.surely_covered]} />
    </div>
  );
}

function Candidates({ found, onOpen }: { found: Tried; onOpen(id: string): void }) {
  const { t } = useTranslation("knowledge");
  return (
    <ol className="kn-candidates">
      {found.candidates.map((one, place) => (
        <li key={one.id} className={place === 0 && found.covered >= found.likely ? "kn-first" : undefined}>
          <div className="row">
            <button type="button" className="el grow" dir="auto" onClick={() => onOpen(one.id)}>
              {one.question}
            </button>
            <span className="n">{one.score.toFixed(2)}</span>
          </div>
          <Bar value={one.score} limits={[found.sure]} />
          {(one.shared.length > 0 || one.synonyms.length > 0) && (
            <p className="s1 t3">
              {t("try.because", { nearest: one.nearest })}{" "}
              {[...one.shared, ...one.synonyms.map((word) => t("try.synonym", { word }))].map((word) => (
                <bdi key={word} className="tag">
                  {word}
                </bdi>
              ))}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The rules that compare numbers with limits, which are told below what follows from them. */
const isMeasured = (rule: Tried["rule"]): rule is "sure" | "close" | "likely" | "unknown" =>
  ["sure", "close", "likely", "unknown"].includes(rule);

/** The numbers that decided, and by how much the one that is furthest from its limit misses it. */
function numbersOf({ rule, sure, covered, surely_covered: least, likely, candidates }: Tried) {
  const score = candidates[0]?.score ?? 0;
  const short = rule === "unknown" ? likely - covered : Math.max(sure - score, least - covered);
  const shown = { sure, covered, least, likely, score, short: Math.max(0.01, short) };
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value.toFixed(2)]));
}

/** Tries a sentence against the draft: whether it is covered, the three best matches, the thresholds, what the bot would do, and why. */
export function TryCard({ text, revision, entry, onText, onOpen, onAdd }: TryProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const problem = useProblemText();
  const words = usePaused(text.trim(), pause);
  const found = useQuery({ ...tried(words, tagOfSide(sideOf(words)), revision), enabled: bare(words) !== "" });
  const addTest = useCreateTest();
  const now = bare(words) === "" ? undefined : found.data;
  const numbers = now && numbersOf(now);
  const test = (expected: string) =>
    addTest.mutate(
      { sentence: words, lang: tagOfSide(sideOf(words)), expected },
      { onSuccess: () => toast(t("tests.added")), onError: (error) => toast(problem(error), "hot") },
    );
  return (
    <section className="kn-side-part" aria-label={t("try")}>
      <header className="row">
        <h2>{t("try")}</h2>
        <span className="grow" />
        <span className="s1 t3">
          {now ? t("try.took", { ms: new Intl.NumberFormat(language).format(now.took_ms) }) : t("try.draft")}
        </span>
      </header>
      <Input
        allowClear
        value={text}
        maxLength={200}
        placeholder={t("try.words")}
        aria-label={t("try.words")}
        onChange={(event) => onText(event.target.value)}
      />
      {bare(words) !== "" && <Failed of={found} />}
      {found.isFetching && !now && (
        <p className="s2 t3" role="status">
          {t("try.training")}
        </p>
      )}
      {now && (
        <div className="kn-tried" aria-busy={found.isFetching}>
          <Covered found={now} />
          <Candidates found={now} onOpen={onOpen} />
          <div className={`notice kn-verdict kn-verdict-${now.outcome}`} role="status">
            <div>
              <p className="b">{t(`outcome.${now.outcome}`)}</p>
              <p>{t(`rule.${now.rule}`, numbers)}</p>
              {isMeasured(now.rule) && <p className="s1">{t(`rule.${now.rule}.why`, numbers)}</p>}
            </div>
          </div>
          {now.text !== "" && (
            <details className="s2">
              <summary>{t("try.says")}</summary>
              <p className="kn-says" lang={now.lang} dir="auto">
                {now.text}
              </p>
            </details>
          )}
          <div className="row wrap">
            {entry && now.source !== entry && (
              <Button size="small" onClick={() => onAdd(words)}>
                {t("try.add")}
              </Button>
            )}
            {entry && (
              <Button size="small" loading={addTest.isPending} onClick={() => test(entry)}>
                {t("try.test")}
              </Button>
            )}
            <Button size="small" type="text" onClick={() => test("no_answer")}>
              {t("try.test_none")}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
