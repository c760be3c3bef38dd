import type { Catalogue } from "../en"; import { en } from "../en"; export const es: Catalogue = en;
