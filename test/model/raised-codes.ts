import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

export interface RaisedCodes {
  /** Codes of diagnostics and refusals as literals of the sources, and where each is raised first. */
  readonly codes: ReadonlyMap<string, string>;
  /** Templates that codes are made of, as written. */
  readonly templates: ReadonlySet<string>;
}

/**
 * Finds every code that the sources raise: what they give to a parameter `code: string` of any function, and to a property
 * `code` beside a `severity` or a `message`, or in the table of a pair of numbers. A variable that passes a code on counts
 * where its value comes from.
 */
export function raisedCodes(): RaisedCodes {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('kernel/'))
    .map((path) => {
      const text = readFileSync(join(SRC, path), 'utf8');
      return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    });
  const codes = new Map<string, string>();
  const templates = new Set<string>();
  const exported = new Map(files.flatMap((file) => [...codeTakers(file).exported]));
  for (const file of files) {
    const { local } = codeTakers(file);
    const take = (value: ts.Node): void => {
      if (ts.isStringLiteral(value)) {
        if (!codes.has(value.text)) codes.set(value.text, file.fileName);
      } else if (ts.isConditionalExpression(value)) {
        take(value.whenTrue);
        take(value.whenFalse);
      } else if (ts.isTemplateExpression(value)) templates.add(value.getText());
    };
    visit(file, (node) => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const name = node.expression.text;
        const position = local.has(name) ? local.get(name) : exported.get(name);
        const argument = position === undefined ? undefined : node.arguments[position];
        if (argument !== undefined) take(argument);
      }
      if (isNamed(node, 'code') && ts.isPropertyAssignment(node) && isOfCodes(node.parent)) {
        take(node.initializer);
      }
      if (ts.isVariableDeclaration(node) && node.name.getText() === 'code' && node.initializer) {
        take(node.initializer);
      }
    });
  }
  return { codes, templates };
}

/** Functions of a file and which argument of theirs is a code; undefined for those without. */
function codeTakers(file: ts.SourceFile): {
  local: ReadonlyMap<string, number | undefined>;
  exported: ReadonlyMap<string, number>;
} {
  const local = new Map<string, number | undefined>();
  const exported = new Map<string, number>();
  visit(file, (node) => {
    if (!ts.isFunctionDeclaration(node) && !ts.isArrowFunction(node)) return;
    const named = ts.isArrowFunction(node) ? node.parent : node;
    if (!ts.isFunctionDeclaration(named) && !ts.isVariableDeclaration(named)) return;
    const name = named.name?.getText();
    if (name === undefined) return;
    const position = node.parameters.findIndex(
      ({ name: parameter, type }) => parameter.getText() === 'code' && type?.getText() === 'string',
    );
    local.set(name, position < 0 ? undefined : position);
    if (position >= 0) exported.set(name, position);
  });
  return { local, exported };
}

/** Whether an object is a diagnostic, a refusal, or a form of two numbers, by its other keys. */
function isOfCodes(object: ts.ObjectLiteralExpression | ts.Node): boolean {
  return (
    ts.isObjectLiteralExpression(object) &&
    object.properties.some((property) =>
      ['severity', 'message', 'last'].some((name) => isNamed(property, name)),
    )
  );
}

function isNamed(node: ts.Node, name: string): boolean {
  return (
    (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
    node.name.getText() === name
  );
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}
