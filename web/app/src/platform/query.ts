import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./http";

/** Questions that a refusal will not change are not asked again. */
const worthAsking = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: worthAsking, staleTime: 15_000, refetchOnWindowFocus: false } },
});
