import type { CodeEntry, CodeKind } from '../model/code-entry.js';
import { beside } from './beside.js';
import { escapeJson } from './json-escape.js';
import type { Line } from './line.js';
import { line, paint } from './line.js';

/** The page of a code: its entry for each kind that has it, at most 80 columns wide. */
export function codePage(entries: readonly CodeEntry[]): string {
  return linesText(entries.map(entryLines));
}

/** A line for each code, under its kind; at most 80 columns wide. */
export function codeList(kinds: readonly (readonly CodeEntry[])[]): string {
  const filled = kinds.filter((entries) => entries.length > 0);
  return linesText([
    ...filled.map(kindLines),
    [line('`sgsim explain CODE` tells the usual cause, and what to do about it')],
  ]);
}

/** Entries for programs: one JSON object of version 1, which only grows; `verdict` is null for other kinds. */
export function codesJson(entries: readonly CodeEntry[]): string {
  const codes = entries.map(({ code, kind, verdict, text, usually, remedy }) => ({
    code,
    kind,
    verdict: verdict ?? null,
    text,
    usually,
    remedy,
  }));
  return `${escapeJson(JSON.stringify({ version: 1, tool: 'sgsim', codes }, null, 2))}\n`;
}

const WIDTH = 80;

const TITLES: Readonly<Record<CodeKind, string>> = {
  verdict: 'verdict codes',
  cause: 'causes of verdicts',
  diagnostic: 'errors and warnings',
  refusal: "AWS's refusals of edits",
};

const KINDS: Readonly<Record<CodeKind, string>> = {
  verdict: 'verdict code',
  cause: 'cause of a verdict',
  diagnostic: 'error or warning',
  refusal: "AWS's refusal of an edit",
};

function entryLines({ code, kind, verdict, text, usually, remedy }: CodeEntry): readonly Line[] {
  const stands = verdict === undefined ? '' : `, ${verdict.replace('-', ' ')}`;
  return [
    line(`${code} (${KINDS[kind]}${stands})`),
    ...beside([{ text: '  meaning  ', style: 'secondary' }], text, WIDTH),
    ...beside([{ text: '  usually  ', style: 'secondary' }], usually, WIDTH),
    ...beside([{ text: '  remedy   ', style: 'secondary' }], remedy, WIDTH),
  ];
}

function kindLines(entries: readonly CodeEntry[]): readonly Line[] {
  const widest = Math.max(...entries.map(({ code }) => code.length));
  return [
    line(TITLES[entries[0]!.kind]),
    ...entries.flatMap(({ code, text }) =>
      beside([{ text: `  ${code.padEnd(widest)}  `, style: 'plain' }], text, WIDTH),
    ),
  ];
}

function linesText(blocks: readonly (readonly Line[])[]): string {
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : [line(''), ...block]));
  return lines.map((spans) => `${paint(spans, false)}\n`).join('');
}
