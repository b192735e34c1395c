/** A value in the AWS CLI's shorthand, e.g. `IpProtocol=tcp,FromPort=22,IpRanges=[{CidrIp=10.0.0.0/8}]`. */
type Value = string | number | Value[] | { [key: string]: Value };

interface Cursor {
  readonly text: string;
  at: number;
}

/** Nested deeper, it is no permission. */
const DEEPEST = 8;

/**
 * Reads one shorthand value (AWS CLI user guide, "Using shorthand syntax"); undefined when the text is none. Words that are
 * whole numbers under a key that ends in `Port` become numbers, as the API wants them.
 */
export function parseShorthand(text: string): Record<string, unknown> | undefined {
  const cursor = { text, at: 0 };
  const members = readMembers(cursor, undefined, 0);
  return members !== undefined && cursor.at === text.length ? members : undefined;
}

function readMembers(
  cursor: Cursor,
  close: '}' | undefined,
  depth: number,
): Record<string, Value> | undefined {
  const members: Record<string, Value> = {};
  if (depth > DEEPEST) return undefined;
  for (;;) {
    const key = word(cursor, /[\w-]+/y);
    if (key === undefined || !take(cursor, '=')) return undefined;
    const value = readValue(cursor, depth + 1);
    if (value === undefined || Object.hasOwn(members, key)) return undefined;
    Object.defineProperty(members, key, {
      ...{ value: numeric(key, value), enumerable: true, configurable: true, writable: true },
    });
    if (take(cursor, ',')) continue;
    return close === undefined || take(cursor, close) ? members : undefined;
  }
}

const numeric = (key: string, value: Value): Value =>
  key.endsWith('Port') && typeof value === 'string' && /^-?\d{1,9}$/.test(value)
    ? Number(value)
    : value;

function readValue(cursor: Cursor, depth: number): Value | undefined {
  if (depth > DEEPEST) return undefined;
  if (take(cursor, '{')) return readMembers(cursor, '}', depth);
  if (!take(cursor, '[')) return word(cursor, /"[^"]*"|'[^']*'|[^,{}[\]"']*/y);
  const items: Value[] = [];
  if (take(cursor, ']')) return items;
  for (;;) {
    const item = readValue(cursor, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
    if (take(cursor, ']')) return items;
    if (!take(cursor, ',')) return undefined;
  }
}

function word(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found === undefined) return undefined;
  cursor.at += found.length;
  return /^["']/.test(found) ? found.slice(1, -1) : found;
}

function take(cursor: Cursor, char: string): boolean {
  if (cursor.text[cursor.at] !== char) return false;
  cursor.at++;
  return true;
}
