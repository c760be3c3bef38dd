import { Component, type ReactNode } from "react";
import { t } from "../i18n";
import { Failure } from "./Failure";

/** Keeps a broken part from taking the page with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Failure
        title={t("error.screen")}
        error={this.state.error}
        onRetry={() => this.setState({ error: null })}
      />
    );
  }
}
