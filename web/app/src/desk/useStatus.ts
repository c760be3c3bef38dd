import { useMutation } from "@tanstack/react-query";
import { notifications } from "@mantine/notifications";
import { explain } from "../components/Failure";
import { call } from "../platform/http";
import type { AgentStatus } from "../platform/types";
import { useDesk } from "./DeskProvider";

/** The agent's status, shown as asked for while the server is being told. */
export function useStatus() {
  const { status } = useDesk();
  const change = useMutation({
    mutationFn: (wanted: AgentStatus) => call("/desk/v1/status", { method: "POST", body: { status: wanted } }),
    onError: (error) => notifications.show({ message: explain(error), color: "red" }),
  });
  const shown = change.isPending ? change.variables : status;
  return {
    status: shown,
    toggle: () => change.mutate(shown === "active" ? "away" : "active"),
    change: (wanted: AgentStatus) => change.mutate(wanted),
    isChanging: change.isPending,
  };
}
