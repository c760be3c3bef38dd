import { describe, expect, it } from "vitest";
import { parseResponses } from "../src/console/responses/csv";

describe("a response list from a spreadsheet", () => {
  it("reads quotes, commas, line breaks and columns in any order", () => {
    const file = '\uFEFFTitle,Text,Folder path\r\nHold,"One moment, ""please"".\nThank you",A > B\r\n,Bye,\r\n\r\n';
    expect(parseResponses(file)).toEqual({
      responses: [
        { title: "Hold", text: 'One moment, "please".\nThank you', folder: "A > B" },
        { title: "", text: "Bye", folder: null },
      ],
      problems: [],
    });
  });

  it("names what is wrong by the line it stands on", () => {
    const file = `Text,Title\n"two\nlines",ok\n,no text\nbroken \uFFFD,x\n${"x".repeat(2001)},y`;
    expect(parseResponses(file)?.problems).toEqual([
      { line: 4, problem: "missingText" },
      { line: 5, problem: "badCharacter" },
      { line: 6, problem: "tooLong" },
    ]);
  });

  it("refuses a file without the column Text", () => {
    expect(parseResponses("Name,Reply\na,b")).toBeNull();
    expect(parseResponses("")).toBeNull();
  });
});
