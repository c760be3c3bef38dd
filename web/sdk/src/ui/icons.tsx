/** Line icons on a 24 by 24 grid, drawn in the colour of the text around them. */
const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={path} />
  </svg>
);

export const ChatIcon = icon(
  "M12 3.5c-5 0-9 3.4-9 7.7 0 2.4 1.3 4.6 3.3 6-.1 1.2-.6 2.3-1.4 3.2 1.8-.1 3.4-.7 4.7-1.7.8.2 1.6.3 2.4.3 5 0 9-3.5 9-7.8s-4-7.7-9-7.7Z",
);
export const CloseIcon = icon("M6 6l12 12M18 6 6 18");
export const DownIcon = icon("M5.5 9.5 12 16l6.5-6.5");
export const SendIcon = icon("M12 19V5.5M6 11l6-6 6 6");
export const RetryIcon = icon("M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4.2h-4.2");
export const OneTickIcon = icon("m6 12.5 4 4 8-9");
export const TwoTicksIcon = icon("m2 12.5 4 4 8-9M11 16l.7.5 8-9");
export const ClockIcon = icon("M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8v4.2l2.8 1.8");
