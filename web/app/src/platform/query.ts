import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./http";

/** Questions that a refusal will not change are not asked again. */
const worthAsking = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

export const queries = new QueryClient({
  defaultOptions: {
    // A request that cannot leave fails, so that the screen says so; it never waits unseen.
    mutations: { networkMode: "always" },
    queries: { networkMode: "always", retry: worthAsking, staleTime: 15_000, refetchOnWindowFocus: false },
  },
});
