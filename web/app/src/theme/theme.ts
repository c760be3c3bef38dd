import { createTheme, Drawer, InputWrapper, Modal, Notification, type CSSVariablesResolver } from "@mantine/core";
import { t } from "../i18n";

const FONT = '"Inter Variable", ui-sans-serif, system-ui, "Segoe UI", Roboto, Arial, sans-serif';

/** Made once the language is known: some parts speak. */
export const makeTheme = () => createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: {
    iris: [
      "#f2f1fd",
      "#e4e2fa",
      "#cdcaf3",
      "#aea9ec",
      "#8d86e4",
      "#736bdc",
      "#635ad6",
      "#5047c4",
      "#433ab0",
      "#342d8b",
    ],
    // What Mantine paints dark surfaces, fields and borders with.
    dark: [
      "#eeeef3",
      "#cfcfd8",
      "#9696a3",
      "#6d6d7a",
      "#41414d",
      "#2f2f38",
      "#222228",
      "#19191e",
      "#141418",
      "#0c0c0f",
    ],
  },
  fontFamily: FONT,
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  headings: { fontFamily: FONT, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        padding: "lg",
        radius: "lg",
        overlayProps: { backgroundOpacity: 0.42 },
        closeButtonProps: { "aria-label": t("action.close") },
      },
      styles: { title: { fontSize: "17px", fontWeight: 650, letterSpacing: "-0.01em" } },
    }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": t("action.close") } }, styles: { title: { fontWeight: 650 } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": t("action.close") } } }),
    InputWrapper: InputWrapper.extend({
      styles: { label: { marginBottom: 4 }, description: { marginBottom: 6, color: "var(--ink-3)", fontSize: "12.5px" } },
    }),
  },
});

/** Mantine's own names follow the tokens, so that its components and ours are one material. */
const TOKENS = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-placeholder": "var(--ghost)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-anchor": "var(--accent-ink)",
  "--mantine-color-error": "var(--bad)",
};

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: TOKENS,
  dark: TOKENS,
});
