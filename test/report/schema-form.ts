import { expect } from 'vitest';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Holds that a schema describes every property, requires it, and allows no other; returns how many objects it has. */
export function checkSchemaForm(schema: Json): number {
  let objects = 0;
  const walk = (node: Json): void => {
    if (node === null || typeof node !== 'object') return;
    const { properties } = node as { readonly properties?: Record<string, Json> };
    if (properties !== undefined && !Array.isArray(properties)) {
      objects++;
      expect(node).toMatchObject({
        additionalProperties: false,
        required: Object.keys(properties),
      });
      for (const [key, property] of Object.entries(properties)) {
        expect(property, key).toHaveProperty('description', expect.stringMatching(/\w{3}/));
      }
    }
    Object.values(node).forEach(walk);
  };
  walk(schema);
  return objects;
}
