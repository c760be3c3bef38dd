import type { Entry } from "..";
import { blocklist } from "./blocklist";
import { common } from "./common";
import { compose } from "./compose";
import { help } from "./help";
import { consoleTexts } from "./console";
import { desk } from "./desk";
import { dictionary } from "./dictionary";
import { live } from "./live";
import { models } from "./models";
import { portal } from "./portal";
import { refusals } from "./refusals";
import { responses } from "./responses";
import { sandbox } from "./sandbox";
import { signOn } from "./signOn";

export const en = { ...common, ...blocklist, ...desk, ...compose, ...live, ...consoleTexts, ...help, ...portal, ...refusals, ...responses, ...dictionary, ...models, ...sandbox, ...signOn };

export type Key = keyof typeof en;
/** What every language gives: each key, in the same form. */
export type Catalogue = Readonly<Record<Key, Entry>>;
/** A part of another language: the keys of the same part of this one. */
export type Part<T> = Readonly<Record<keyof T, Entry>>;
