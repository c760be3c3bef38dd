import { describe, expect, it, vi } from "vitest";
import { ConnectionLost, RequestRefused, type ConnectionState } from "../stream";
import { online, world, type World } from "./world";

const statusOf = ({ connection }: World): ConnectionState["status"] => connection.state.get().status;

describe("signing in", () => {
  it("says hello with its token and is online when welcomed", async () => {
    const made = await online({ token: () => "secret" });

    expect(made.server.current.received[0]).toEqual({ type: "hello", protocol: 1, token: "secret" });
    expect(made.connection.state.get()).toMatchObject({ status: "online", you: { id: "c1" } });
  });

  it("leaves the token out for people, whom a cookie names", async () => {
    const made = await online();

    expect(made.server.current.received[0]).toEqual({ type: "hello", protocol: 1 });
  });

  it("gives up a socket that is never welcomed and tries another", async () => {
    const made = world();
    made.server.refuses = { hello: { message: "later" } };
    made.connection.start();

    await made.clock.pass(10_500);

    expect(made.server.sockets.length).toBe(2);
  });
});

describe("heartbeat", () => {
  it("pings every heartbeat and stays online while pongs come", async () => {
    const made = await online();

    await made.clock.pass(17_000 * 3 + 100);

    expect(made.server.sockets).toHaveLength(1);
    expect(made.server.current.of("ping")).toHaveLength(3);
    expect(statusOf(made)).toBe("online");
  });

  it("takes six seconds without pong for a loss, and five more before it shows", async () => {
    const made = await online();
    made.server.current.isDeaf = true;
    made.server.isReachable = false;

    await made.clock.pass(17_000 + 5_900);
    expect(statusOf(made)).toBe("online");
    await made.clock.pass(200);
    expect(statusOf(made)).toBe("connecting");
    await made.clock.pass(4_800);
    expect(statusOf(made)).toBe("connecting");
    await made.clock.pass(300);
    expect(statusOf(made)).toBe("offline");
  });

  it("counts any message as a sign of life", async () => {
    const made = await online();
    made.server.current.isDeaf = true;
    await made.clock.pass(17_100);

    made.server.current.say({ type: "something_new" });
    await made.clock.pass(7_000);

    expect(statusOf(made)).toBe("online");
  });

  it("asks at once when the browser reports the network gone", async () => {
    const made = await online();

    made.goOffline();

    expect(made.server.current.of("ping")).toHaveLength(1);
  });
});

describe("coming back", () => {
  it("backs off from 250 ms to 10 s, with jitter", async () => {
    const made = await online();
    made.server.isReachable = false;
    made.server.cut();
    const began = made.clock.now;
    const tries: number[] = [];
    for (let step = 0; step < 400; step += 1) {
      const count = made.server.sockets.length;
      await made.clock.pass(100);
      if (made.server.sockets.length > count) tries.push(made.clock.now - began);
    }

    const waits = tries.map((at, index) => at - (tries[index - 1] ?? 0));
    expect(waits[0]).toBeLessThanOrEqual(300);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(7_000);
  });

  it("tries at once when the browser wakes", async () => {
    const made = await online();
    made.server.isReachable = false;
    made.server.cut();
    await made.clock.pass(30_000);
    made.server.isReachable = true;

    made.wake();
    await made.clock.pass(5);

    expect(statusOf(made)).toBe("online");
  });

  it("comes back at once after a restart", async () => {
    const made = await online();
    made.server.current.close(1001, "restarting");

    await made.clock.pass(5);

    expect(statusOf(made)).toBe("online");
    expect(made.server.sockets).toHaveLength(2);
  });

  it("does not storm a server that keeps restarting", async () => {
    const made = await online();
    for (let turn = 0; turn < 20; turn += 1) {
      made.server.current.close(1001, "restarting");
      await made.clock.pass(100);
    }

    expect(made.server.sockets.length).toBeLessThan(8);
  });

  it.each([4400, 4408, 4409, 1006, 1011])("comes back with a delay after %i", async (code) => {
    const made = await online();
    made.server.current.close(code);
    await made.clock.pass(50);
    expect(statusOf(made)).toBe("connecting");

    await made.clock.pass(300);
    expect(statusOf(made)).toBe("online");
  });
});

describe("closing", () => {
  it.each([1000, 4403])("stays closed after %i", async (code) => {
    const made = await online();
    made.server.current.close(code, "why");

    await made.clock.pass(60_000);

    expect(made.connection.state.get()).toMatchObject({ status: "closed", code, reason: "why" });
    expect(made.server.sockets).toHaveLength(1);
  });

  it("signs in again after 4401 and goes on", async () => {
    const signIn = vi.fn().mockResolvedValue(undefined);
    const made = await online({ signIn });
    made.server.current.close(4401, "signed_out");

    await made.clock.pass(1_000);

    expect(signIn).toHaveBeenCalledTimes(1);
    expect(statusOf(made)).toBe("online");
  });

  it("is closed after 4401 when nobody can sign in, until started again", async () => {
    const made = await online();
    made.server.current.close(4401, "signed_out");
    expect(made.connection.state.get()).toMatchObject({ status: "closed", code: 4401 });

    made.connection.start();
    await made.clock.pass(10);
    expect(statusOf(made)).toBe("online");
  });

  it("leaves no timer and no listener when stopped", async () => {
    const made = await online();
    made.connection.stop();

    expect(made.clock.pending).toBe(0);
    expect(made.listeners()).toBe(0);
    expect(made.server.open).toHaveLength(0);
    expect(statusOf(made)).toBe("closed");
  });

  it("leaves nothing when stopped while it waits to try again", async () => {
    const made = await online();
    made.server.isReachable = false;
    made.server.cut();
    await made.clock.pass(2_000);
    made.connection.stop();

    await made.clock.pass(10);
    expect(made.clock.pending).toBe(0);
  });
});

describe("requests", () => {
  it("answers each by its id", async () => {
    const { connection } = await online();
    const ask = (key: string) =>
      connection.request({ type: "send", conversation: "conv1", key, text: key });

    const [one, two] = await Promise.all([ask("a"), ask("b")]);

    expect([one.seq, two.seq]).toEqual([1, 2]);
  });

  it("rejects a refusal with the server's words", async () => {
    const { connection, server } = await online();
    server.refuses.send = { code: "409-01", name: "conversation_ended", message: "It ended." };

    const asked = connection.request({ type: "send", conversation: "conv1", key: "a", text: "x" });

    await expect(asked).rejects.toBeInstanceOf(RequestRefused);
    await expect(asked).rejects.toMatchObject({ errorName: "conversation_ended" });
  });

  it("rejects what was under way when the socket went", async () => {
    const { connection, server } = await online();
    server.current.isDeaf = true;
    const asked = connection.request({ type: "send", conversation: "conv1", key: "a", text: "x" });
    const outcome = expect(asked).rejects.toBeInstanceOf(ConnectionLost);
    server.cut();
    await outcome;

    await expect(
      connection.request({ type: "mark", conversation: "conv1", read: 1 }),
    ).rejects.toBeInstanceOf(ConnectionLost);
  });
});

it("begins again after bytes that are no message", async () => {
  const made = await online();
  made.server.current.handlers.received("<html>");

  await made.clock.pass(1_000);

  expect(made.server.sockets).toHaveLength(2);
  expect(statusOf(made)).toBe("online");
});

it("ignores an abandoned socket that speaks late", async () => {
  const made = await online();
  const old = made.server.current;
  old.isDeaf = true;
  await made.clock.pass(23_050);
  expect(statusOf(made)).toBe("connecting");

  old.handlers.closed(4403, "late");
  await made.clock.pass(1_000);

  expect(statusOf(made)).toBe("online");
});
