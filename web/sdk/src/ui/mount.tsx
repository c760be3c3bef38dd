import { render } from "preact";
import styles from "../styles/widget.css?inline";
import type { Display } from "../api/settings";
import { Root } from "./Root";
import type { View } from "./view";

export interface Mounted {
  readonly host: HTMLElement;
  unmount(): void;
}

/** Puts the widget into the page, in a shadow root of its own. */
export function mount(view: View, direction: string): Mounted {
  const host = document.createElement("rapport-chat");
  host.lang = view.speech.language;
  host.dir = direction;
  host.dataset.align = view.display.align;
  const root = host.attachShadow({ mode: "open" });
  // A constructed sheet needs no `style-src` permission from the page.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);
  paint(host, view.display);
  const stopTheme = followTheme(host, view.display.theme);
  render(<Root view={view} />, root);
  return {
    host,
    unmount() {
      stopTheme();
      render(null, root);
      host.remove();
    },
  };
}

/** The company's colour, with an ink that can be read on it; nonsense is ignored. */
function paint(host: HTMLElement, { color, badgeColor }: Display): void {
  for (const [name, value] of [["accent", color], ["badge", badgeColor]] as const) {
    if (!value || !CSS.supports("color", value)) continue;
    const ink = inkOn(host, value);
    host.style.setProperty(`--${name}`, value);
    host.style.setProperty(`--on-${name}`, ink);
    if (name === "accent") host.dataset.accent = ink === DARK_INK ? "bright" : "deep";
  }
}

const DARK_INK = "#11151c";

/** White or near black, whichever contrasts more by the WCAG's measure. */
function inkOn(host: HTMLElement, color: string): string {
  const probe = document.createElement("i");
  host.shadowRoot!.append(probe);
  probe.style.color = color;
  const channels = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  probe.remove();
  const [red = 0, green = 0, blue = 0] = channels.map(Number);
  const linear = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.179 ? DARK_INK : "#ffffff";
}

function followTheme(host: HTMLElement, theme: Display["theme"]): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    host.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  };
  apply();
  dark.addEventListener("change", apply);
  return () => dark.removeEventListener("change", apply);
}
