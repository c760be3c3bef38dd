import { Fragment } from "react";

interface MarkedProps {
  text: string;
  matches: readonly { start: number; end: number }[];
}

/** A text with what was found in it standing out. */
export function Marked({ text, matches }: MarkedProps) {
  // Positions count characters as the server does, not UTF-16 units.
  const characters = Array.from(text);
  const between = (start: number, end?: number) => characters.slice(start, end).join("");
  return (
    <>
      {matches.map(({ start, end }, index) => (
        <Fragment key={start}>
          {between(matches[index - 1]?.end ?? 0, start)}
          <mark>{between(start, end)}</mark>
        </Fragment>
      ))}
      {between(matches.at(-1)?.end ?? 0)}
    </>
  );
}
