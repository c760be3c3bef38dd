import { createApi } from "./api/widget";
import { install } from "./api/queue";

install(window as unknown as Record<string, unknown>, createApi());
