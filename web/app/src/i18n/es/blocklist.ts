import type { Part } from "../en";
import type { blocklist as english } from "../en/blocklist";

export const blocklist: Part<typeof english> = {
  "console.blocklist": "Palabras bloqueadas",
  "console.blocklist.hint": "Lo que no debe enviarse y lo que sí",
  "blocklist.hint":
    "Un mensaje con alguna de ellas no se envía: quien lo escribe recibe un aviso y puede cambiarlo. Las obscenidades, los insultos y las ofensas en inglés y español ya están incluidos, se escriban como se escriban.",
  "blocklist.term": "Palabra o frase",
  "blocklist.term.placeholder": "p. ej. devolución garantizada",
  "blocklist.blocked": "Bloqueada",
  "blocklist.allowed": "Permitida",
  "blocklist.kind": "Qué pasa con ella",
  "blocklist.block": "Bloquear",
  "blocklist.allow": "Permitir",
  "blocklist.add": "Añadir",
  "blocklist.own": "Las palabras de la empresa",
  "blocklist.author": "Añadida por",
  "blocklist.when": "Cuándo",
  "blocklist.remove": "Quitar «{term}»",
  "blocklist.removed": "«{term}» ya no está en la lista.",
  "blocklist.none": "Aún no hay palabras propias",
  "blocklist.none.hint": "Bloquea una palabra que la lista incluida no tenga, o permite una que deba dejar en paz.",
  "blocklist.try": "Probar",
  "blocklist.try.placeholder": "Escribe un mensaje para ver si podría enviarse.",
  "blocklist.clean": "Esto podría enviarse.",
  "blocklist.found": "Esto no se enviaría:",
};
