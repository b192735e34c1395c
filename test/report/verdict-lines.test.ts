import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLOW_COLUMNS, PACKET_COLUMNS } from '../../src/model/verdict-table.js';
import { VERDICT_CODES, verdictOf } from '../../src/model/verdict.js';
import { type RowValues, createTableRows } from '../../src/report/table-rows.js';
import { createVerdictLines } from '../../src/report/verdict-lines.js';
import { HOSTILE_WORD } from './outcome-arbitrary.js';

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/;

type Forms = typeof PACKET_COLUMNS;

function linesOf(forms: Forms, rows: readonly RowValues[]): string[] {
  const filled = createTableRows(forms, rows.length);
  for (const row of rows) filled.put(row);
  const text = Buffer.from(createVerdictLines().rows(filled.table)).toString();
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

const FIRST: RowValues = {
  ...{
    frame: 1,
    capture: 'a.pcap',
    capture_frame: 1,
    time: 1_700_000_000_000_000_000n,
    length: 54,
  },
  ...{ verdict: 'drop', code: 'no-rule' },
};
const TCP: RowValues = {
  ...{ source: '10.0.1.20', destination: '10.0.2.30', protocol: 6 },
  ...{ source_port: 45904, destination_port: 6379, tcp_flags: 2 },
};
const ANSWERS: RowValues = {
  ...{ egress_eni: 'eni-a', egress_verdict: 'allow', egress_code: 'rule', egress_rule: 'sgr-1' },
  ...{ ingress_eni: 'eni-b', ingress_verdict: 'drop', ingress_code: 'no-rule' },
};

describe('verdicts as lines of JSON', () => {
  it('tell a frame that two interfaces judged', () => {
    expect(linesOf(PACKET_COLUMNS, [{ ...FIRST, ...TCP, ...ANSWERS }])).toEqual([
      '{"frame":1,"timeNs":"1700000000000000000","verdict":"drop","code":"no-rule","at":[' +
        '{"eni":"eni-a","direction":"egress","verdict":"allow","code":"rule","rule":"sgr-1"},' +
        '{"eni":"eni-b","direction":"ingress","verdict":"drop","code":"no-rule","rule":null}],' +
        '"length":54,"source":"10.0.1.20","destination":"10.0.2.30","protocol":6,' +
        '"sourcePort":45904,"destinationPort":6379,"tcpFlags":2}',
    ]);
  });

  it('name the capture where there are several', () => {
    const second = { ...FIRST, frame: 2, capture: 'b.pcap', code: 'cut', verdict: 'not-judged' };
    expect(linesOf(PACKET_COLUMNS, [FIRST, second])).toEqual([
      '{"frame":1,"capture":"a.pcap","captureFrame":1,"timeNs":"1700000000000000000","verdict":"drop","code":"no-rule","at":[],"length":54}',
      '{"frame":2,"capture":"b.pcap","captureFrame":1,"timeNs":"1700000000000000000","verdict":"not-judged","code":"cut","at":[],"length":54}',
    ]);
  });

  it('tell a flow, and packets that name none', () => {
    const sums = { packets: 3, bytes: 120, original_packets: 2, original_bytes: 80 };
    const nameless = { counted: false, verdict: 'not-filtered', code: 'not-applicable', ...sums };
    const flow: RowValues = {
      ...{ first_frame: 9, first_time: 5n, last_time: 1_000_000_007n, counted: true, ...sums },
      ...{ verdict: 'allow', code: 'rule', source: '::1', protocol: 58, icmp_id: 7 },
    };
    expect(linesOf(FLOW_COLUMNS, [flow, nameless])).toEqual([
      '{"firstFrame":9,"firstTimeNs":"5","lastTimeNs":"1000000007","verdict":"allow","code":"rule","at":[],' +
        '"source":"::1","protocol":58,"icmpId":7,"counted":true,"packets":3,"bytes":120,"originalPackets":2,"originalBytes":80}',
      '{"verdict":"not-filtered","code":"not-applicable","at":[],"counted":false,"packets":3,"bytes":120,"originalPackets":2,"originalBytes":80}',
    ]);
  });

  it('are JSON on one line each that says what it was given, whatever the ids', () => {
    const row = fc.record({
      frame: fc.integer({ min: 1 }),
      time: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      code: fc.constantFrom(...VERDICT_CODES.map(({ name }) => name)),
      egress_eni: HOSTILE_WORD,
      egress_rule: fc.option(HOSTILE_WORD, { nil: undefined }),
      capture: HOSTILE_WORD,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const given = rows.map(({ code, ...rest }) => ({
          ...{ ...rest, code, verdict: verdictOf(code), capture_frame: 7, length: 60 },
          ...{ egress_verdict: verdictOf(code), egress_code: code },
        }));
        const lines = linesOf(PACKET_COLUMNS, given);
        const isMerged = new Set(rows.map(({ capture }) => capture)).size > 1;
        const text = (word: string): string => Buffer.from(word).toString();
        for (const line of lines) expect(line).not.toMatch(UNSAFE);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
          rows.map(({ frame, time, code, egress_eni, egress_rule, capture }) => ({
            frame,
            ...(isMerged && { capture: text(capture), captureFrame: 7 }),
            timeNs: String(time),
            verdict: verdictOf(code),
            code,
            at: [
              {
                eni: text(egress_eni),
                direction: 'egress',
                verdict: verdictOf(code),
                code,
                rule: egress_rule === undefined ? null : text(egress_rule),
              },
            ],
            length: 60,
          })),
        );
      }),
    );
  });
});
