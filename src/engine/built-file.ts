import { fileURLToPath } from 'node:url';

/** Path of a built file: beside the bundled program, or in dist/ when the sources themselves run (tests). */
export function builtFile(name: string): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? `../../dist/${name}` : `./${name}`, import.meta.url));
}
