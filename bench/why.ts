import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spread } from './spread.js';

/** Questions beside the replay that they are measured by: whole programs, started anew each time. */
const QUESTIONS = {
  replay: ['replay', '--json'],
  frame: ['why', '--json', '--frame'],
  filter: ['why', '--json', 'tcp port 443'],
  dropped: ['why', '--json', '--dropped', '--top', '10'],
} as const;

type Question = keyof typeof QUESTIONS;

interface Run {
  readonly seconds: number;
  readonly answer: Answer;
}

interface Answer {
  readonly totals?: { readonly packets: number; readonly dropped: { readonly packets: number } };
  readonly total?: { readonly packets: number | null };
  readonly answers?: readonly { readonly captured: { readonly frame: number } }[];
}

/** Prints what questions about a capture cost beside its replay, one thread and a thread per core. */
export function benchWhy(capture: string, vpc: string, rounds: number): void {
  for (const workers of ['1', undefined]) {
    const options = ['-r', capture, '--vpc', vpc, ...(workers ? ['--workers', workers] : [])];
    const replayed = run('replay', options).answer.totals!;
    const frame = String(Math.ceil(replayed.packets / 10));
    const ask = (question: Question): Run => run(question, options, frame);
    check(ask, replayed, frame);
    const seconds = new Map(
      Object.keys(QUESTIONS).map((name) => [name as Question, [] as number[]]),
    );
    for (let round = 0; round < rounds; round++) {
      for (const [name, times] of seconds) times.push(ask(name).seconds);
    }
    const base = seconds.get('replay')!;
    const threads = workers === undefined ? 'a thread per core' : 'one thread';
    console.log(
      `${replayed.packets} packets, ${replayed.dropped.packets} dropped, ${threads}, ${rounds} rounds; answers checked\n`,
    );
    console.log(`replay         ${spread(base)} s by the clock`);
    for (const name of ['frame', 'filter', 'dropped'] as const) {
      const ratios = seconds.get(name)!.map((time, i) => time / base[i]!);
      console.log(`why ${name.padEnd(8)}   ${spread(ratios)} of that`);
    }
    console.log('');
  }
}

/** The answers part what the replay dropped, and are about the frame that was asked about. */
function check(ask: (question: Question) => Run, replayed: Answer['totals'], frame: string): void {
  const { total } = ask('dropped').answer;
  const asked = ask('frame').answer.answers!.map(({ captured }) => captured.frame);
  if (total!.packets !== replayed!.dropped.packets || String(asked) !== frame) {
    throw new Error('why gives a wrong answer');
  }
}

function run(question: Question, options: readonly string[], frame = ''): Run {
  const program = fileURLToPath(new URL('cli.js', import.meta.url));
  const [command, ...rest] = QUESTIONS[question];
  const args = [command, ...options, ...rest, ...(question === 'frame' ? [frame] : [])];
  const began = performance.now();
  const { stdout, status } = spawnSync(process.execPath, [program, ...args], {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`${question} ends with ${status}`);
  return { seconds, answer: JSON.parse(stdout) as Answer };
}
