import { Button, Popup } from "@yingda/antd";
import { Icon } from "./icon";
import "./save-menu.css";

export interface SaveMenuProps {
  word: string;
  /** What is saved. */
  about: string;
  /** The formats, by the words for them and the addresses of the files. */
  files: readonly (readonly [word: string, href: string])[];
}

/** Saves what a page lists as a file of a format. */
export function SaveMenu({ word, about, files }: SaveMenuProps) {
  return (
    <Popup
      label={word}
      className="save-menu"
      trigger={(props) => (
        <Button {...props} type="default">
          <Icon name="download" />
          {word}
        </Button>
      )}
    >
      {(close) => (
        <>
          <p className="s1 t3">{about}</p>
          {files.map(([format, href]) => (
            <a key={href} className="save-menu-link" href={href} download onClick={close}>
              {format}
            </a>
          ))}
        </>
      )}
    </Popup>
  );
}
