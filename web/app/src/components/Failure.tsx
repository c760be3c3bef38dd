import { Button } from "@mantine/core";
import { IconAlertTriangle, IconWifiOff } from "@tabler/icons-react";
import { isKey, t, type Key } from "../i18n";
import { ApiError } from "../platform/http";
import { Empty } from "./Empty";

/** Why a request failed, in words for a person. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t("error.server");
  if (error.isOffline) return t("error.offline");
  const key = `refusal.${error.reason}`;
  if (isKey(key)) return t(key, { detail: error.message });
  if (error.status >= 500) return t("error.server");
  const general = GENERAL[error.status];
  return general ? t(general, { detail: error.message }) : error.message;
}

/** What is said of refusals that have no words of their own. */
const GENERAL: Partial<Record<number, Key>> = {
  400: "error.value",
  401: "error.signedOut",
  403: "error.forbidden",
  404: "error.missing",
  413: "error.tooLarge",
  429: "error.tooMany",
};

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
