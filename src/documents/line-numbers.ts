/** Characters that are counted at once. */
const STRIDE = 65_536;

/** Tells the line of an offset, from 1. Memory is a small part of the text, however many lines it has. */
export function lineNumbers(text: string): (offset: number) => number {
  const before = new Uint32Array(Math.ceil(text.length / STRIDE) + 1);
  for (let i = 1; i < before.length; i++) {
    before[i] = before[i - 1]! + countLines(text, (i - 1) * STRIDE, i * STRIDE);
  }
  return (offset) => {
    const stride = Math.floor(offset / STRIDE);
    return 1 + before[stride]! + countLines(text, stride * STRIDE, offset);
  };
}

/** Line ends from one offset to another, the latter left out. */
function countLines(text: string, from: number, to: number): number {
  const part = text.slice(from, to);
  let count = 0;
  for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) count++;
  return count;
}
