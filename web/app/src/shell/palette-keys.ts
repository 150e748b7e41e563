/** What is typed between asking for the palette and its field having the focus: neither lost nor typed elsewhere. */
let typed = '';
let timer: ReturnType<typeof setTimeout> | undefined;

const take = (event: KeyboardEvent): void => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  typed += event.key;
};

/** From now on what is typed belongs to the palette; for five seconds at most, should it never come. */
export function holdTyped(): void {
  takeTyped();
  addEventListener('keydown', take, { capture: true });
  timer = setTimeout(takeTyped, 5_000);
}

/** Hands over what was typed; from then on keys go where the focus is. */
export function takeTyped(): string {
  clearTimeout(timer);
  removeEventListener('keydown', take, { capture: true });
  const words = typed;
  typed = '';
  return words;
}
