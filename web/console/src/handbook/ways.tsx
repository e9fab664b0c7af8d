import { Link } from "@tanstack/react-router";
import { chapterAt, pictureAt } from "./chapters";
import type { Ways } from "./markdown";

/** Pictures as they are, and links between the chapters; `onLeave` is told when one is followed. */
export const waysOf = (onLeave?: () => void): Ways => ({
  picture: (path, alt) => <img src={pictureAt(path)} alt={alt} loading="lazy" />,
  link: (href, words) => {
    const chapter = chapterAt(href);
    return chapter ? (
      <Link to="/handbook" search={{ chapter }} onClick={onLeave}>
        {words}
      </Link>
    ) : (
      <span>{words}</span>
    );
  },
});
