import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Outcome } from '../../src/model/outcome.js';
import type { FlowTally, Tally } from '../../src/model/tally.js';
import { renderJson } from '../../src/report/json.js';
import { bytes } from '../../src/report/quantity.js';
import { renderText } from '../../src/report/text.js';
import { outcomeArbitrary, PLAIN_WORD } from './outcome-arbitrary.js';
import { PARTIAL } from './outcome-partial.js';
import { TYPICAL } from './outcome-typical.js';

/** What both forms tell: read from the JSON as it is, and back from the text. */
interface Report {
  readonly totals: FlowTally &
    Record<'allowed' | 'dropped' | 'notFiltered' | 'notJudged', FlowTally>;
  readonly captures: readonly Tally[];
  readonly reading: {
    leftOut: number;
    peeled: number;
    linkTypes: readonly (Tally & { linkType: string; read: boolean })[];
    wrongChecksums: { ip: number; transport: number } | null;
  };
  readonly byCode: readonly (FlowTally & { code: string; verdict: string })[];
  readonly byInterface: readonly (Sides & { eni: string })[];
  readonly byRule: readonly FlowTally[];
  readonly droppedFlows: readonly FlowTally[];
  readonly omitted: {
    readonly captures: Tally & { count: number };
    readonly interfaces: Sides & { count: number };
    readonly rules: FlowTally & { count: number; withoutHits: number };
    readonly droppedFlows: FlowTally & { count: number };
    readonly warnings: { count: number };
  };
}

type Sides = Readonly<Record<'allowed' | 'dropped' | 'notFiltered' | 'notJudged', Tally>>;

/** Text of a section by its title; the numbers at the end of each of its lines, in order. */
function section(text: string, title: string): string {
  return text.split('\n\n').find((part) => part.startsWith(title)) ?? '';
}

const COUNT = /\d{1,3}(?:,\d{3})*/.source;
const SIZE = /\d[\d.]* [kMGTP]?B/.source;

/** The rows of a table as written: packets, flows, bytes. */
function flowRows(text: string): readonly string[] {
  const row = new RegExp(` {2}(${COUNT}) +(${COUNT}) +(${SIZE})(?: {2}.*)?$`, 'gm');
  return [...text.matchAll(row)].map(([, packets, flows, size]) =>
    [packets, flows, size].join(' | '),
  );
}

const grouped = (value: number): string => value.toLocaleString('en-US');
const flowRow = ({ packets, flows, bytes: size }: FlowTally): string =>
  [grouped(packets), grouped(flows), bytes(size)].join(' | ');

const number = (text: string): number => Number(text.replaceAll(',', ''));

function checkTotals(text: string, { totals }: Report): void {
  const row = new RegExp(`^ {2}(\\w[\\w ]*?) +(${COUNT}) +(\\S+) % +(${COUNT}) +(${COUNT})$`, 'gm');
  const rows = [...section(text, 'verdicts').matchAll(row)].map(
    ([, label, packets, , size, flows]) => ({
      label,
      tally: { packets: number(packets!), bytes: number(size!), flows: number(flows!) },
    }),
  );
  const { packets, bytes: size, flows } = totals;
  expect(rows).toEqual([
    { label: 'allowed', tally: totals.allowed },
    { label: 'dropped', tally: totals.dropped },
    { label: 'not filtered', tally: totals.notFiltered },
    { label: 'not judged', tally: totals.notJudged },
    { label: 'sum', tally: { packets, bytes: size, flows } },
  ]);
  // the lines close, as a reader would add them up
  const lines = rows.slice(0, 4).map(({ tally }) => tally);
  for (const key of ['packets', 'bytes', 'flows'] as const) {
    expect(lines.reduce((sum, tally) => sum + tally[key], 0)).toBe(totals[key]);
  }
}

function checkCauses(text: string, { byCode, totals }: Report): void {
  const titles = {
    drop: ['dropped by cause', totals.dropped],
    'not-filtered': ['not filtered by cause', totals.notFiltered],
    'not-judged': ['not judged by cause', totals.notJudged],
  } as const;
  for (const [verdict, [title, total]] of Object.entries(titles)) {
    const codes = byCode.filter((entry) => entry.verdict === verdict);
    const part = section(text, title);
    expect(flowRows(part)).toEqual(codes.map(flowRow));
    for (const { code } of codes) expect(part).toContain(`\n  ${code} `);
    expect(codes.reduce((sum, { packets }) => sum + packets, 0)).toBe(total.packets);
    expect(codes.reduce((sum, { flows }) => sum + flows, 0)).toBe(total.flows);
  }
}

function checkInterfaces(text: string, { byInterface, omitted: { interfaces } }: Report): void {
  const part = section(text, 'packets by interface');
  const four = part.includes('not judged');
  const row = new RegExp(`^ {2,4}(?:ingress|egress|.* more .*?)((?: +${COUNT}){3,4})$`, 'gm');
  const written = [...part.matchAll(row)].map(([, cells]) => cells!.trim().split(/ +/));
  const entries: readonly Sides[] =
    interfaces.count > 0 ? [...byInterface, interfaces] : byInterface;
  expect(written).toEqual(
    entries.map(({ allowed, dropped, notFiltered, notJudged }) =>
      [allowed, dropped, notFiltered, ...(four ? [notJudged] : [])].map(({ packets }) =>
        grouped(packets),
      ),
    ),
  );
  if (!four) expect(entries.every(({ notJudged }) => notJudged.packets === 0)).toBe(true);
}

function checkLists(text: string, { byRule, droppedFlows, captures, omitted }: Report): void {
  const rules = [...byRule, ...(omitted.rules.count > 0 ? [omitted.rules] : [])];
  expect(flowRows(section(text, 'rules by hits'))).toEqual(rules.map(flowRow));
  const drops = [
    ...droppedFlows,
    ...(omitted.droppedFlows.count > 0 ? [omitted.droppedFlows] : []),
  ];
  expect(flowRows(section(text, 'dropped flows'))).toEqual(drops.map(flowRow));

  const read = new RegExp(`(${COUNT}) packets?, (${SIZE})`, 'g');
  const sums = [...captures, ...(omitted.captures.count > 0 ? [omitted.captures] : [])];
  expect(
    [...section(text, 'captures').matchAll(read)].map(([, packets, size]) => [packets, size]),
  ).toEqual(sums.map(({ packets, bytes: size }) => [grouped(packets), bytes(size)]));

  const more = (count: number, noun: string): void => {
    const said = count === 0 ? undefined : ` ${count} more ${noun}${count === 1 ? '' : 's'}`;
    if (said === undefined) expect(text).not.toContain(` more ${noun}`);
    else expect(text).toContain(said);
  };
  more(omitted.captures.count, 'capture');
  more(omitted.interfaces.count, 'interface');
  more(omitted.rules.count, 'rule');
  more(omitted.droppedFlows.count, 'group');
  more(omitted.warnings.count, 'warning');
}

/** What is nought is left out, so that the text is short; link types are told where they are not read. */
function checkReading(text: string, { captures, reading }: Report): void {
  if (captures.length === 0) return;
  const part = section(text, 'captures').replaceAll(/\s+/g, ' ');
  const said = (count: number, words: string): void => {
    const found = new RegExp(`(${COUNT}) packets? ${words}`).exec(part)?.[1];
    expect(found).toBe(count === 0 ? undefined : grouped(count));
  };
  said(reading.leftOut, 'left out by filter or bounds');
  said(reading.peeled, 'taken out of tunnels');
  const unread = new RegExp(`(${COUNT}) packets? of link type`, 'g');
  expect([...part.matchAll(unread)].map(([, packets]) => packets)).toEqual(
    reading.linkTypes.filter(({ read }) => !read).map(({ packets }) => grouped(packets)),
  );
  const wrong = /wrong checksums: (\S+) of IP, (\S+) of TCP/.exec(part)?.slice(1);
  const { wrongChecksums: sums } = reading;
  expect(wrong).toEqual(sums === null ? undefined : [grouped(sums.ip), grouped(sums.transport)]);
}

function check(outcome: Outcome, top: number): void {
  const text = renderText(outcome, { color: false, top });
  const report = JSON.parse(renderJson(outcome, { top })) as Report;
  checkTotals(text, report);
  checkCauses(text, report);
  checkInterfaces(text, report);
  checkLists(text, report);
  checkReading(text, report);
}

it('reads the same numbers back from outcomes made by hand', () => {
  check(TYPICAL, 10);
  check(TYPICAL, 2);
  check(PARTIAL, 1);
});

it('reads the same numbers back from any outcome, for any cut', () => {
  const outcomes = outcomeArbitrary({ word: PLAIN_WORD, most: 3_000_000 }).filter(
    ({ totals }) => totals.packets > 0,
  );
  fc.assert(
    fc.property(outcomes, fc.integer({ min: 1, max: 6 }), (outcome, top) => check(outcome, top)),
    { numRuns: 150 },
  );
});
