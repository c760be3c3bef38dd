const COLOURS = 8;

/** Hands out colours so that conversations open at once differ. */
export class Hues {
  readonly #given = new Map<string, number>();

  of(id: string): number {
    let hue = this.#given.get(id);
    if (hue === undefined) this.#given.set(id, (hue = this.#choose(id)));
    return hue;
  }

  free(id: string): void {
    this.#given.delete(id);
  }

  /** The colour of its name if that is free, so that a reload shows the same one. */
  #choose(id: string): number {
    const taken = new Set(this.#given.values());
    const first = hash(id) % COLOURS;
    for (let step = 0; step < COLOURS; step += 1) {
      const hue = (first + step) % COLOURS;
      if (!taken.has(hue)) return hue;
    }
    return first;
  }
}

function hash(text: string): number {
  let value = 7;
  for (let index = 0; index < text.length; index += 1) value = (value * 31 + text.charCodeAt(index)) >>> 0;
  return value;
}
