// keep.ts - what this browser remembers of its own: language, order of strips, who "me" is. Nothing of the mix.

export function kept<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`gigbox-${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    // no storage, or not ours
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`gigbox-${name}`, JSON.stringify(value));
  } catch {
    /* a browser that keeps nothing still mixes */
  }
}
