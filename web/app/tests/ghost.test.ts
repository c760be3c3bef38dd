import { describe, expect, it } from "vitest";
import { ghostOf } from "../src/desk/composer/ghost";

const BEST = "I have updated your address.";
const SECOND = "You can return them within 30 days.";

describe("the grey text behind what is typed", () => {
  it("is the best suggestion while nothing is typed", () => {
    expect(ghostOf("", [BEST, SECOND])).toBe(BEST);
  });

  it("continues what is typed, whatever its case", () => {
    expect(ghostOf("i have UP", [BEST])).toBe("dated your address.");
  });

  it("takes the first suggestion that fits, not only the best", () => {
    expect(ghostOf("You can r", [BEST, SECOND])).toBe("eturn them within 30 days.");
  });

  it("continues the last sentence after a greeting of one's own", () => {
    expect(ghostOf("Thanks Sam! I ha", [BEST])).toBe("ve updated your address.");
  });

  it("is silent when nothing fits, when all is typed, and on blanks", () => {
    expect(ghostOf("No ", [BEST])).toBe("");
    expect(ghostOf(BEST, [BEST])).toBe("");
    expect(ghostOf("  ", [BEST])).toBe("");
    expect(ghostOf("", [])).toBe("");
  });

  it("does not guess from the first letter after a sentence", () => {
    expect(ghostOf("Sure. I", [BEST])).toBe("");
  });
});
