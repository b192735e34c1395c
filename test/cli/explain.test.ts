import { describe, expect, it } from 'vitest';
import { CODE_BOOK } from '../../src/model/code-book.js';
import { checkSgsim, runSgsim } from './sgsim.js';

const NO_RULE = `no-rule (verdict code, drop)
  meaning  no rule allows it
  usually  no group of the interface has a rule for this protocol, port and peer
           in this direction; often one field of one rule is off
  remedy   \`sgsim why\` shows the nearest rules field by field, and the smallest
           rule to add
`;

const NO_GROUPS = `no-groups (verdict code, not filtered)
  meaning  service interface without groups
  usually  the interface is one of an AWS service, such as a NAT gateway, that
           carries no security group
  remedy   nothing to do

no-groups (error or warning)
  meaning  an interface has no security group
  usually  the document was cut down: AWS gives every such interface at least
           one (SG-7)
  remedy   name its groups
`;

describe('sgsim explain', () => {
  it('tells what a verdict code means', () =>
    checkSgsim(['explain', 'no-rule'], { stdout: NO_RULE }));

  it('tells of every kind that has the code', () =>
    checkSgsim(['explain', 'no-groups'], { stdout: NO_GROUPS }));

  it('--json: the same for programs', async () => {
    const { stdout, stderr, status } = await runSgsim([
      'explain',
      'PrefixListMaxEntriesExceeded',
      '--json',
    ]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      tool: 'sgsim',
      codes: [
        {
          code: 'PrefixListMaxEntriesExceeded',
          kind: 'refusal',
          verdict: null,
          text: 'the prefix list would have more entries than its maximum',
          usually: 'MaxEntries was chosen when the list was made',
          remedy: 'raise the maximum, or make the list shorter',
        },
      ],
    });
  });

  it('without a code lists all of them by kind, in 80 columns', async () => {
    const { stdout, stderr, status } = await runSgsim(['explain']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^\S/.test(line))).toEqual([
      'verdict codes',
      'causes of verdicts',
      'errors and warnings',
      "AWS's refusals of edits",
      '`sgsim explain CODE` tells the usual cause, and what to do about it',
    ]);
    const listed = lines.flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(CODE_BOOK.map(({ code }) => code));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('--json without a code: all of them', async () => {
    const { stdout } = await runSgsim(['explain', '--json']);
    const { codes } = JSON.parse(stdout) as { codes: readonly { code: string }[] };
    expect(codes.map(({ code }) => code)).toEqual(CODE_BOOK.map(({ code }) => code));
  });

  const all = '`sgsim explain` lists all codes';
  it.each([
    ['no-rul', `"no-rul" is no code; did you mean no-rule, no-rules? ${all}`],
    ['zzzzzzzz', `"zzzzzzzz" is no code; ${all}`],
    ['\u001b[31m\u202e', `"\\u001b[31m\ufffd" is no code; ${all}`],
    ['x'.repeat(100), `"${'x'.repeat(60)}" is no code; ${all}`],
  ])('%j is no code', (code, said) =>
    checkSgsim(['explain', code], { stderr: `error[usage] explain: ${said}\n`, status: 2 }),
  );

  it('takes one code', () =>
    checkSgsim(['explain', 'no-rule', 'rule'], {
      stderr: 'error[usage] unknown argument: rule; see `sgsim --help`\n',
      status: 2,
    }));
});
