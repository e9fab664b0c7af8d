/**
 * Outlined icons shared by the widget and the hall. Each is the `d` of one path in a 24 x 24 box, drawn with `fill: none`, a stroke of 1.75 in `currentColor`,
 * and round caps and joins; at 16 to 18 px the stroke is a little over one pixel.
 */
export const home = "M4 11l8-7 8 7v9h-5.500v-6h-5v6H4z";
export const chat =
  "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.500 3.500V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 9.800h8M8 13h5";
export const bag = "M5.500 8h13l1 12.500h-15zM8.700 8V7a3.300 3.300 0 0 1 6.600 0v1M9 12.200a3 3 0 0 0 6 0";
export const sim =
  "M7 3h7l4.500 4.500V19a2 2 0 0 1-2 2H7.500a2 2 0 0 1-2-2V4.500A1.500 1.500 0 0 1 7 3zM9 12h6v5.500H9zM12 12v5.500M9 14.800h6";
export const search = "M4.500 11a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M16 16l4.500 4.500";
export const send = "M12 19V5M6 11l6-6 6 6";
export const close = "M6 6l12 12M18 6 6 18";
export const plus = "M12 5v14M5 12h14";
export const check = "M5 12.500l4.500 4.500L19 7.500";
export const checks = "M2 13l4 4L14 8M11 15.500l1.500 1.500L21 8";
export const ring =
  "M12 4.500a7.500 7.500 0 0 1 3.750 1M18.500 8.250a7.500 7.500 0 0 1 1 3.750M18.500 15.750a7.500 7.500 0 0 1-2.750 2.750M12 19.500a7.500 7.500 0 0 1-3.750-1M5.500 15.750a7.500 7.500 0 0 1-1-3.750M5.500 8.250a7.500 7.500 0 0 1 2.750-2.750";
export const alert = "M12 4l9 16H3zM12 10v4.500M12 17.200v.3";
export const down = "M6 9.500l6 6 6-6";
export const up = "M6 14.500l6-6 6 6";
export const right = "M9.500 6l6 6-6 6";
export const left = "M14.500 6l-6 6 6 6";
export const headset =
  "M4.500 14v-2a7.500 7.500 0 0 1 15 0v2M5 13h.5a2 2 0 0 1 2 2v2.500a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V15a2 2 0 0 1 2-2zM18.500 13h.5a2 2 0 0 1 2 2v2.500a2 2 0 0 1-2 2h-.5a2 2 0 0 1-2-2V15a2 2 0 0 1 2-2zM19 19.500c0 1.600-1.400 2.500-3 2.500h-2.500";
export const bot =
  "M12 4.500V2.800M5.500 6.500h13A2.500 2.500 0 0 1 21 9v6a2.500 2.500 0 0 1-2.500 2.500H12l-4.500 3.300v-3.300h-2A2.500 2.500 0 0 1 3 15V9a2.500 2.500 0 0 1 2.500-2.500zM8.800 10.500v2.400M15.200 10.500v2.400";
export const clip =
  "M20 11.500l-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L9.700 17.200a1.700 1.700 0 0 1-2.400-2.400L15 7";
export const image =
  "M5.500 4.500h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM4 17l5-5 4 4 2.500-2.500L20 18M14.500 9.200v.3";
export const doc = "M6 3h8l4.500 4.500V21H6zM14 3v4.500h4.500M9 12h6M9 16h6";
export const smile =
  "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M8.500 14.500c1.800 2.300 5.200 2.300 7 0M9 9.500v.5M15 9.500v.5";
export const star =
  "M12 3.500l2.600 5.400 5.900.8-4.300 4.100 1 5.900L12 16.900l-5.200 2.800 1-5.900L3.500 9.700l5.900-.8z";
export const clock = "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M12 7v5.200l3.500 2";
export const sound =
  "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4.500 4.500 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11";
export const mute = "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM16 9.500l5 5M21 9.500l-5 5";
export const more =
  "M4.600 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0M11.100 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0M17.600 12a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0";
export const redo = "M19 12a7 7 0 1 1-2.200-5.100L19.500 9M19.500 4v5h-5";
export const globe =
  "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17";
export const moon = "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z";
export const sun =
  "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400";
export const display =
  "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M12 3.500v17M12 8h6.500M12 12h8.500M12 16h6.500";
export const sliders = "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0";
export const grid = "M4.500 4.500h6v6h-6zM13.500 4.500h6v6h-6zM4.500 13.500h6v6h-6zM13.500 13.500h6v6h-6z";
export const table = "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9";
export const compare = "M12 3.500v17M9 6.500H3.500v11H9M15 6.500h5.500v11H15";
export const box = "M12 3l8 4.200v9.600L12 21l-8-4.200V7.200zM4 7.200l8 4.300 8-4.300M12 11.500V21";
export const shield =
  "M12 3l7.500 3v5.500c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500V6zM8.500 12l2.500 2.500 4.500-4.500";
export const user =
  "M12 4.200a3.900 3.900 0 1 0 0 7.800a3.900 3.900 0 1 0 0-7.800M4.500 20.500c.7-4 3.700-6 7.500-6s6.800 2 7.500 6";
export const eye =
  "M2.500 12c2.500-4.500 5.700-6.700 9.500-6.700s7 2.200 9.500 6.700c-2.500 4.500-5.700 6.700-9.500 6.700S5 16.500 2.500 12zM9.300 12a2.700 2.700 0 1 0 5.400 0a2.700 2.700 0 1 0-5.400 0";
