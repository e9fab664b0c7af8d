import type { SVGProps } from "react";

// Drawn on a 24 x 24 grid with a stroke of 1.7: one path per icon, in the colour of the surrounding text.
const paths = {
  alert: "M12 4l9 15.5H3zM12 10v4.5M12 17v.2",
  bag: "M5 8h14l1 12H4zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.5h4",
  bolt: "M13 3L5 13.5h5.5L10 21l8-10.5h-5.5z",
  book: "M5 4.5h10.5a3 3 0 0 1 3 3V20H8a3 3 0 0 1-3-3zM5 17a2.5 2.5 0 0 1 2.5-2.5h11",
  bot: "M8 8h8a3.5 3.5 0 0 1 3.5 3.5v4a3.5 3.5 0 0 1 -3.5 3.5h-8a3.5 3.5 0 0 1 -3.5 -3.5v-4a3.5 3.5 0 0 1 3.5 -3.5zM12 4v4M9 13v1M15 13v1",
  chart: "M4 4v16h16M7.5 15l4-5 3 3 4.5-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5l4.5 4.5 8-9M10.5 16l1 1 9.5-9.5",
  clip: "M19 11.5l-7.5 7.3a4.6 4.6 0 0 1-6.5-6.5L12.5 5a3.1 3.1 0 0 1 4.4 4.4L9.7 16.5a1.5 1.5 0 0 1-2.2-2.2l6.5-6.3",
  clock: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0zM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6L6 18",
  contrast: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM12 3.5v17M12 7.5h6.5M12 12h8.5M12 16.5h6.5",
  copy: "M8.5 8.5h11v11h-11zM5 15.5h-.5v-11h11V5",
  device: "M4 5h16v11H4zM9 20h6M12 16v4",
  down: "M6 9.5l6 6 6-6",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15",
  edit: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
  eye: "M2.5 12c2.5-4.5 5.6-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.6 6.5-9.5 6.5S5 16.5 2.5 12zM9.2 12a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0z",
  globe: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0zM3.5 12h17M12 3.5c5 5.5 5 11.5 0 17-5-5.5-5-11.5 0-17z",
  history: "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8",
  image:
    "M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM8 10a1.5 1.5 0 1 0 .01 0M4 17l5-4.5 3.5 3 3.5-4 4.5 4.5",
  info: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM12 11v5.5M12 7.5v.2",
  left: "M14.5 6l-6 6 6 6",
  lock: "M7 10.5h10a2 2 0 0 1 2 2v5.5a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-5.5a2 2 0 0 1 2 -2zM8 10.5V8a4 4 0 0 1 8 0v2.5",
  message: "M4 5h16v11H9l-5 4z",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  more: "M5.5 12v.1M12 12v.1M18.5 12v.1",
  mute: "M4.5 9.5v5h3.5l5 4v-13l-5 4zM16.5 10l4 4M20.5 10l-4 4",
  out: "M14 4.5H5.5v15H14M10.5 12H20M16.5 8.5L20 12l-3.5 3.5",
  panel: "M4 5h16v14H4zM14.5 5v14",
  picture:
    "M5.5 5h13a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-13a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2zM7.5 10a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0zM4 17l5-4 4 3 3-2.5 4.5 3.5",
  plus: "M12 5v14M5 12h14",
  queue: "M4 7a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM4 17a2 2 0 1 0 4 0a2 2 0 1 0 -4 0zM11 7h9M11 17h9M11 12h6",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
  right: "M9.5 6l6 6-6 6",
  search: "M5 11a6 6 0 1 0 12 0a6 6 0 1 0 -12 0zM15.5 15.5L20 20",
  send: "M4 12l16-7-5 15-3.5-6z",
  settings:
    "M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0zM12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2",
  shield: "M12 3.5l7.5 3v5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9v-5z",
  smile: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0zM8.5 14a4 4 0 0 0 7 0M9 9.5v.2M15 9.5v.2",
  sound: "M4.5 9.5v5h3.5l5 4v-13l-5 4zM16 9.5a3.5 3.5 0 0 1 0 5M18.5 7a7 7 0 0 1 0 10",
  sun: "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0zM12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M18.4 5.6l-1.8 1.8M7.4 16.6l-1.8 1.8",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  text: "M4 19l5-14 5 14M5.7 14.5h6.6M15.5 19l3-8 3 8M16.5 16.5h4",
  transfer: "M4 8.5h15l-3.5-3.5M20 15.5H5l3.5 3.5",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v6M14 10.5v6",
  user: "M8.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0zM5 20c.6-4 3.4-6 7-6s6.4 2 7 6",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, className, ...rest }: { name: IconName } & Omit<SVGProps<SVGSVGElement>, "name">) {
  return (
    <svg className={className ? `i ${className}` : "i"} viewBox="0 0 24 24" aria-hidden="true" {...rest}>
      <path d={paths[name]} />
    </svg>
  );
}
