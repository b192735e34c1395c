// "Check a change before it ships": a newcomer types what the README says and sees what it says.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SGSIM } from './cli/sgsim.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECTION = readFileSync(join(ROOT, 'README.md'), 'utf8')
  .split(/^## /m)
  .find((part) => part.startsWith('Check a change before it ships\n'))!;

const home = mkdtempSync(join(tmpdir(), 'sgsim-readme-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
cpSync(join(ROOT, 'fixtures/demo'), join(home, 'fixtures/demo'), { recursive: true });
// What `npm start --` and an installed package run.
const tools = join(home, 'tools');
mkdirSync(tools);
writeFileSync(join(tools, 'sgsim'), `#!/bin/sh\nexec "${process.execPath}" "${SGSIM}" "$@"\n`);
chmodSync(join(tools, 'sgsim'), 0o755);

function run(command: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ''}`, ...env },
  });
  return { stdout, stderr, status };
}

/** Commands are indented; what they print is fenced, `...` standing for lines that are left out. */
const STEPS = [...SECTION.matchAll(/((?:^ {4}(?:npm|cp) .*\n)+)(?:\n```\n([^]*?)^```$)?/gm)].map(
  ([, commands, output]) => ({
    commands: commands!.trim().split(/\n\s*/),
    output: output ?? '',
  }),
);

describe('each command of the section', () => {
  it('is found', () => {
    expect(STEPS.flatMap(({ commands }) => commands)).toHaveLength(5);
  });

  it.each(STEPS.map((step) => [step.commands.at(-1)!, step] as const))('%s', (_, step) => {
    let printed = '';
    for (const command of step.commands) {
      const { stdout, stderr, status } = run(command.replace(/^npm start --/, 'sgsim'), home);
      expect(stderr).toBe('');
      expect(status).toBeLessThan(2);
      printed = stdout;
    }
    let from = 0;
    for (const piece of step.output.split(/^\.\.\.\n/m)) {
      const at = printed.indexOf(piece, from);
      expect(at, `${piece} in ${printed.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at + piece.length;
    }
    expect(step.output).not.toBe('');
  });
});

describe('the workflow', () => {
  const workflow = parse(/```yaml\n([^]*?)```/.exec(SECTION)![1]!) as Workflow;
  const steps = workflow.jobs.sgsim.steps.flatMap(({ run: command }) => command ?? []);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: repository,
      stdio: 'ignore',
    });
  };
  const repository = join(home, 'work/repository');

  beforeAll(() => {
    const demo = join(ROOT, 'fixtures/demo');
    mkdirSync(join(repository, 'captures'), { recursive: true });
    cpSync(join(demo, 'capture.pcap'), join(repository, 'captures/capture.pcap'));
    cpSync(join(demo, 'expectations.yaml'), join(repository, 'expectations.yaml'));
    cpSync(join(demo, 'vpc'), join(repository, 'vpc'), { recursive: true });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'the VPC as it is');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    rmSync(join(repository, 'vpc'), { recursive: true });
    cpSync(join(demo, 'after'), join(repository, 'vpc'), { recursive: true });
  });

  it('asks in these steps', () => {
    expect(steps.map((step) => step.split(' ').slice(0, 2).join(' '))).toEqual([
      'npm install',
      'git worktree',
      'sgsim diff',
      'sgsim test',
    ]);
  });

  it('refuses the change, and marks what fails', () => {
    const env = { GITHUB_BASE_REF: 'main' };
    const [, worktree, diff, test] = steps as [string, string, string, string];
    expect(run(worktree, repository, env).status).toBe(0);
    const compared = run(diff, repository, env);
    expect(compared.stderr).toBe('');
    expect(compared.status).toBe(1);
    expect(compared.stdout).toMatch(/^14 flows \(76 packets\) would newly be dropped/);
    const tested = run(test, repository, env);
    expect(tested.status).toBe(1);
    expect(tested.stdout).toMatch(/^::error file=expectations\.yaml,line=\d+,/m);
  });
});

interface Workflow {
  readonly jobs: { readonly sgsim: { readonly steps: readonly { readonly run?: string }[] } };
}
