import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { explain } from "../components/Failure";
import { call } from "../platform/http";
import type { AgentStatus } from "../platform/types";
import { useDesk } from "./DeskProvider";

/** The agent's status, shown as asked for until the stream tells what it is. */
export function useStatus() {
  const { status } = useDesk();
  const { mutate, reset, variables, isPending, isError } = useMutation({
    mutationFn: (wanted: AgentStatus) => call("/desk/v1/status", { method: "POST", body: { status: wanted } }),
    onError: (error) => notifications.show({ message: explain(error), color: "red" }),
  });
  // The answer and the event travel apart: between them the old status would flash up.
  useEffect(() => reset(), [status, reset]);
  const shown = variables && !isError ? variables : status;
  return {
    status: shown,
    toggle: () => mutate(shown === "active" ? "away" : "active"),
    change: mutate,
    isChanging: isPending,
  };
}
