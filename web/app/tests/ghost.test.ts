import { describe, expect, it } from "vitest";
import { ghostOf } from "../src/desk/composer/ghost";

const BEST = "I have updated your address.";
const SECOND = "You can return them within 30 days.";

describe("the grey text behind what is typed", () => {
  // spec: CMP-165
  it("is how the phrase goes on, and leaves what is typed as it is", () => {
    expect(ghostOf("i have UP", [SECOND], "I have updated it")).toEqual({ rest: "dated it", by: "phrase" });
  });

  it("is the phrase rather than a suggestion", () => {
    expect(ghostOf("I have", [BEST], "I have been there")).toEqual({ rest: " been there", by: "phrase" });
  });

  it("follows the first suggestion that fits when no phrase does", () => {
    expect(ghostOf("You can r", [BEST, SECOND], "Something else")).toEqual({ rest: "eturn them within 30 days.", by: 1 });
  });

  it("continues the last sentence after a greeting of one's own", () => {
    expect(ghostOf("Thanks Sam! I ha", [BEST])).toEqual({ rest: "ve updated your address.", by: 0 });
  });

  it("is silent when nothing fits, when all is typed, and on blanks", () => {
    expect(ghostOf("No ", [BEST])).toBeNull();
    expect(ghostOf(BEST, [BEST], BEST)).toBeNull();
    expect(ghostOf("  ", [BEST])).toBeNull();
    expect(ghostOf("", [BEST], BEST)).toBeNull();
  });

  it("does not guess from the first letter after a sentence", () => {
    expect(ghostOf("Sure. I", [BEST])).toBeNull();
  });
});
