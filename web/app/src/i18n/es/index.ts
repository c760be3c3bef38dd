import type { Catalogue } from "../en";
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

export const es: Catalogue = { ...common, ...blocklist, ...desk, ...compose, ...live, ...consoleTexts, ...help, ...portal, ...refusals, ...responses, ...dictionary, ...models, ...sandbox, ...signOn };
