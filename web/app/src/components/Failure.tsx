import { Button } from "@mantine/core";
import { IconAlertTriangle, IconWifiOff } from "@tabler/icons-react";
import { isKey, t } from "../i18n";
import { ApiError } from "../platform/http";
import { Empty } from "./Empty";

/** Why a request failed, in words for a person. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.server");
  if (error.isOffline) return t("error.offline");
  if (error.status === 403) return t("error.forbidden");
  if (error.status === 404) return t("error.missing");
  if (error.status >= 500) return t("error.server");
  const key = `refusal.${error.reason}`;
  return isKey(key) ? t(key) : error.message;
}

interface FailureProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

/** What failed, why, and a way to try again. */
export function Failure({ error, title, onRetry }: FailureProps) {
  const offline = error instanceof ApiError && error.isOffline;
  const reference = error instanceof ApiError && error.requestId ? ` ${t("error.request", { id: error.requestId })}` : "";
  return (
    <div role="alert" style={{ height: "100%" }}>
      <Empty
        icon={offline ? <IconWifiOff size={24} /> : <IconAlertTriangle size={24} />}
        title={title ?? t("error.title")}
        hint={explain(error) + reference}
        action={
          onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t("action.retry")}
            </Button>
          )
        }
      />
    </div>
  );
}
