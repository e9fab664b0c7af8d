import type { ReactNode } from "react";

/** How the page renders a picture and a link; a link without a target here is shown as its text. */
export interface Ways {
  picture(path: string, alt: string): ReactNode;
  link(href: string, words: ReactNode): ReactNode;
}

const inline = /(\*\*.+?\*\*|\*[^*]+\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/;

function phrase(text: string, ways: Ways): ReactNode[] {
  return text.split(inline).map((part, i) => {
    const [, words, href] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
    if (i % 2 === 0) return part;
    if (words && href) return <span key={i}>{ways.link(href, phrase(words, ways))}</span>;
    if (part.startsWith("**")) return <b key={i}>{part.slice(2, -2)}</b>;
    return part.startsWith("`") ? <code key={i}>{part.slice(1, -1)}</code> : <i key={i}>{part.slice(1, -1)}</i>;
  });
}

/** The subset of Markdown that the handbook uses: headings, paragraphs, lists, pictures, code, links. It creates elements, never markup. */
export function Markdown({ text, ways }: { text: string; ways: Ways }) {
  const blocks: ReactNode[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const many = (belongs: (line: string) => boolean): string[] => {
      const from = i;
      while (i + 1 < lines.length && belongs(lines[i + 1] ?? "")) i++;
      return lines.slice(from, i + 1);
    };
    const [, alt, path] = /^!\[([^\]]+)\]\(([^)]+)\)$/.exec(line) ?? [];
    if (line.startsWith("### ")) blocks.push(<h3 key={i}>{phrase(line.slice(4), ways)}</h3>);
    else if (line.startsWith("## ")) blocks.push(<h2 key={i}>{phrase(line.slice(3), ways)}</h2>);
    else if (line.startsWith("# ")) blocks.push(<h1 key={i}>{phrase(line.slice(2), ways)}</h1>);
    else if (alt && path) blocks.push(<div key={i}>{ways.picture(path, alt)}</div>);
    else if (line.startsWith("```")) {
      const code = many((next) => !next.startsWith("```")).slice(1);
      i++;
      blocks.push(
        <pre key={i} tabIndex={0}>
          {code.join("\n")}
        </pre>,
      );
    } else if (line.startsWith("- "))
      blocks.push(
        <ul key={i}>
          {many((next) => next.startsWith("- ")).map((item) => (
            <li key={item}>{phrase(item.slice(2), ways)}</li>
          ))}
        </ul>,
      );
    else if (line.trim())
      blocks.push(
        <p key={i}>{phrase(many((next) => next.trim() !== "" && !/^(#|- |!\[|```)/.test(next)).join(" "), ways)}</p>,
      );
  }
  return <>{blocks}</>;
}
