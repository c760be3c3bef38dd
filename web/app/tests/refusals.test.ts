import { afterEach, describe, expect, it, vi } from "vitest";
import { explain } from "../src/components/Failure";
import { speak } from "../src/i18n";
import { call, ofLive } from "../src/platform/http";

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

  it("keeps what the server says itself where that says more", async () => {
    const error = await refused(409, "key_in_use", "Conflict: tier is used by 3 responses");
    expect(explain(error)).toBe("This key is still in use. Change what uses it first. (Conflict: tier is used by 3 responses)");
  });

  it("without words of its own is told by what it is in general", async () => {
    await speak("es");
    expect(explain(await refused(400, "invalid", "ERROR - [Path '/email'] is no e-mail address"))).toBe(
      "Algo de lo indicado no se acepta. (ERROR - [Path '/email'] is no e-mail address)",
    );
    expect(explain(await refused(429, "too_many", "Too many requests: 5 a second"))).toBe("Demasiado a la vez. Espera un momento y prueba de nuevo.");
    expect(explain(await refused(403, "forbidden", "Forbidden: no"))).toBe("No tienes permiso para ver esto.");
  });

  it("over the live connection is told as any other", async () => {
    const error = ofLive({ code: "409-02", name: "not_yours", message: "The conversation is not assigned to you", requestId: "r-1" });
    await speak("es");
    expect(explain(error)).toBe("La conversación ya no está asignada a ti.");
  });
});
