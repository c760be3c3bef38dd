import { describe, expect, it } from "vitest";
import { ROOT, type Collection } from "../src/desk/panel/api";
import { fill, valuesOf } from "../src/desk/panel/inserts";
import { contentsOf, movedTo, rearranged, treeOf, waysOf } from "../src/desk/panel/tree";
import { matching } from "../src/desk/panel/useLists";

const OWN: Collection = {
  folders: [
    { id: "a", name: "Money", parentFolderId: ROOT },
    { id: "b", name: "Vouchers", parentFolderId: "a" },
    { id: "c", name: "Lost", parentFolderId: "gone" },
  ],
  responses: [
    { id: "1", title: "Hello", text: "Hi {NAME}" },
    { id: "2", title: "Refund", text: "It takes five days", folderId: "a" },
    { id: "3", title: "Voucher", text: "Here it is", folderId: "b" },
  ],
};

describe("a folder tree", () => {
  const tree = treeOf(OWN);

  it("puts folders into folders, and what has lost its parent at the top", () => {
    expect(tree.folders.map(({ folder, depth }) => [folder.name, depth])).toEqual([
      ["Money", 0],
      ["Lost", 0],
    ]);
    expect(tree.folders[0]!.folders[0]).toMatchObject({ folder: { name: "Vouchers" }, depth: 1, responses: [{ id: "3" }] });
    expect(tree.responses.map((one) => one.id)).toEqual(["1"]);
  });

  it("knows how much goes with a folder", () => {
    expect(contentsOf(tree.folders[0]!)).toEqual({ folders: 1, responses: 2 });
  });

  it("names folders by their way, without the one that is moved", () => {
    expect(waysOf(tree.folders).map((one) => one.name)).toEqual(["Money", "Money / Vouchers", "Lost"]);
    expect(waysOf(tree.folders, "", "a").map((one) => one.name)).toEqual(["Lost"]);
  });

  it("puts some in order and leaves all others where they are", () => {
    expect(rearranged(["1", "2", "3", "4", "5"], ["5", "2", "4"])).toEqual(["1", "5", "3", "2", "4"]);
    expect(rearranged(["1", "2"], ["gone", "2", "1"])).toEqual(["2", "1"]);
    expect(movedTo(["1", "2", "3"], "3", 0)).toEqual(["3", "1", "2"]);
    expect(movedTo(["1", "2", "3"], "1", 9)).toEqual(["2", "3", "1"]);
  });

  it("finds responses by every word of title or text, in any case", () => {
    expect(matching(OWN.responses, "five REFUND").map((one) => one.id)).toEqual(["2"]);
    expect(matching(OWN.responses, "")).toHaveLength(3);
  });
});

describe("placeholders", () => {
  const at = (hour: string) => new Date(`2026-03-04T${hour}:30:00Z`);
  const values = valuesOf({
    customer: "Lee Park",
    agent: "Dana Kay",
    metadata: { PLAN: "Gold", CUSTOMER_TIMEZONE: "Europe/Madrid" },
    timeZone: "UTC",
    now: at("15"),
  });

  it("are filled with first names, the time of day and metadata", () => {
    const text = "Good {TIME_OF_DAY} {NAME}, {rep_name} here about your {PLAN} plan";
    expect(fill({ text }, values)).toBe("Good afternoon Lee, Dana here about your Gold plan");
  });

  it("are filled by what the response binds them to", () => {
    const metadata = [
      { name: "WHO", allowedValues: ["metadata.NICKNAME", "customer.name"] },
      { name: "WHAT", allowedValues: ["metadata.PLAN"] },
    ];
    expect(fill({ text: "Hi {WHO}, {WHAT} it is", metadata }, values)).toBe("Hi Lee, Gold it is");
  });

  it("know the time of day by the company's clock where the customer's is not known", () => {
    const known = { customer: null, agent: null, metadata: {}, now: at("23") };
    expect(fill({ text: "Good {TIME_OF_DAY}" }, valuesOf({ ...known, timeZone: "Asia/Tokyo" }))).toBe("Good morning");
    expect(fill({ text: "Good {TIME_OF_DAY}" }, valuesOf({ ...known, timeZone: "Nowhere" }))).toBe("Good {TIME_OF_DAY}");
  });

  it("stay to be seen when nothing is known", () => {
    expect(fill({ text: "Case {CASE_ID}" }, values)).toBe("Case {CASE_ID}");
  });
});
