import type { Part } from "../en";
import type { sandbox as en } from "../en/sandbox";

export const sandbox: Part<typeof en> = {
  "sandbox.none": "Juega un chat contigo",
  "sandbox.none.hint":
    "Escribe como cliente y responde como agente, con todo lo que ayuda a un agente a escribir. Nadie más lo ve y no cuenta en ninguna cifra.",
  "sandbox.begin": "Empezar un chat",
  "sandbox.new": "Chat nuevo",
  "sandbox.new.hint": "El chat actual termina. Lo que has usado hasta ahora puede sugerirse en el nuevo.",
  "sandbox.first.hint": "Usa las respuestas desplegadas en pruebas.",
  "sandbox.customer": "Nombre del cliente",
  "sandbox.customer.hint": "Se inserta donde una respuesta dice {NAME}.",
  "sandbox.metadata": "Metadatos",
  "sandbox.metadata.hint": "Como los enviarían tus sistemas: los filtros y las inserciones de las respuestas miran aquí.",
  "sandbox.metadata.key": "Clave {n}",
  "sandbox.metadata.value": "Valor {n}",
  "sandbox.metadata.add": "Añadir metadatos",
  "sandbox.metadata.remove": "Quitar los metadatos {n}",
  "sandbox.learnt": { one: "{count} frase propia aprendida", other: "{count} frases propias aprendidas" },
  "sandbox.panel": "Respuestas",
  "sandbox.side": "Escribes como",
  "sandbox.side.customer": "Aquí no hay sugerencias: los clientes no las reciben.",
  "sandbox.side.agent": "Con las sugerencias y las respuestas de un agente.",
  "sandbox.asCustomer": "Mensaje del cliente",
  "sandbox.asCustomer.placeholder": "Lo que dice el cliente…",
};
