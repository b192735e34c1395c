/** Where a key leads from a place in a list whose last place is `last`; undefined for keys that lead nowhere. */
export function placeAfter(
  key: string,
  at: number,
  page: number,
  last: number,
): number | undefined {
  const target = targetOf(key, at, page, last);
  return target === undefined ? undefined : Math.min(last, Math.max(0, target));
}

function targetOf(key: string, at: number, page: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return at + 1;
    case 'ArrowUp':
    case 'ArrowLeft':
      return at - 1;
    case 'PageDown':
      return at + page;
    case 'PageUp':
      return at - page;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
