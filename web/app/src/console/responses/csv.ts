/** A response as a row of the file gives it. */
export interface NewResponse {
  text: string;
  title: string;
  folder: string | null;
}

export interface Parsed {
  responses: NewResponse[];
  /** What is wrong, by line of the file; nothing is imported while there is something. */
  problems: { line: number; problem: "missingText" | "badCharacter" | "tooLong" }[];
}

const LONGEST = 2000;

/** Column titles as documented, in any case, also in snake case. */
const COLUMNS: Readonly<Record<string, keyof NewResponse>> = {
  text: "text",
  title: "title",
  "folder path": "folder",
  folder_path: "folder",
  folder: "folder",
};

/** Reads a response list: the first line names the columns, `Text` is required. Null: no such column. */
export function parseResponses(file: string): Parsed | null {
  const [head, ...rows] = records(file.replace(/^\uFEFF/, ""));
  const columns = (head?.cells ?? []).map((name) => COLUMNS[name.trim().toLowerCase()] ?? null);
  if (!columns.includes("text")) return null;
  const parsed: Parsed = { responses: [], problems: [] };
  for (const { cells, line } of rows) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    const row: NewResponse = { text: "", title: "", folder: null };
    columns.forEach((column, index) => {
      if (column && cells[index]?.trim()) row[column] = cells[index].trim();
    });
    const problem = problemOf(row);
    if (problem) parsed.problems.push({ line, problem });
    else parsed.responses.push(row);
  }
  return parsed;
}

function problemOf({ text, title, folder }: NewResponse): Parsed["problems"][number]["problem"] | null {
  if (text === "") return "missingText";
  // What is left of a letter after the file was saved in another encoding.
  if ((text + title + (folder ?? "")).includes("\uFFFD")) return "badCharacter";
  return text.length > LONGEST ? "tooLong" : null;
}

/** The records of a CSV file (RFC 4180) with the line each begins on. */
function records(file: string): { cells: string[]; line: number }[] {
  const found: { cells: string[]; line: number }[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let begun = 1;
  const endCell = () => {
    cells.push(cell);
    cell = "";
  };
  const endRecord = () => {
    endCell();
    found.push({ cells, line: begun });
    cells = [];
    begun = line;
  };
  for (let index = 0; index < file.length; index += 1) {
    const character = file[index]!;
    if (character === "\n") line += 1;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (file[index + 1] === '"') cell += file[++index]!;
      else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === ",") endCell();
    else if (character === "\n") endRecord();
    else if (character !== "\r") cell += character;
  }
  if (cell !== "" || cells.length > 0) endRecord();
  return found;
}
