import { afterEach, describe, expect, it, vi } from "vitest";
import { explain } from "../src/components/Failure";
import { speak } from "../src/i18n";
import { call } from "../src/platform/http";

/** A server's refusal, as it comes over the wire. */
async function refused(status: number, reason: string, message: string): Promise<unknown> {
  const body = JSON.stringify({ error: { message, code: `${status}-01`, requestId: "r-1" } });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status, headers: { "x-rapport-error": reason } })));
  return call("/anything").catch((error: unknown) => error);
}

describe("a refusal", () => {
  afterEach(async () => {
    vi.unstubAllGlobals();
    await speak("en");
  });

  it("is told in the reader's language where there are words for it", async () => {
    const error = await refused(409, "term_taken", "Conflict: crap is on the list already");
    expect(explain(error)).toBe("This is on the list already.");
    await speak("es");
    expect(explain(error)).toBe("Ya está en la lista.");
  });

  it("is told in the server's words where there are none", async () => {
    const error = await refused(409, "key_in_use", "Conflict: tier is used by 3 responses");
    expect(explain(error)).toBe("Conflict: tier is used by 3 responses");
  });
});
