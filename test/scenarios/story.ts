import { inputError, type InputError } from '../../src/model/diagnostic.js';
import type { Packet } from '../../src/model/packet.js';
import {
  type AutoTrackedEdition,
  DEFAULT_TRACKING,
  type DeniedPolicy,
  type ExemptPolicy,
  type MidstreamPolicy,
  type RelatedPolicy,
  type TrackingOptions,
} from '../../src/model/tracking.js';
import {
  type FrameVerdict,
  type InterfaceVerdict,
  VERDICT_CODES,
  type VerdictCode,
} from '../../src/model/verdict.js';
import { parsePacket } from './packet-text.js';

/** Packets in capture order, each with the answer that the specification gives. */
export interface Story {
  /** Begins with the rules of the specification that it is about. */
  readonly name: string;
  readonly line: number;
  /** The VPC in short YAML. */
  readonly vpc: string;
  readonly options: TrackingOptions;
  /** Changes to the VPC, as `--events` takes them. */
  readonly events: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly line: number;
  /** The packet as written. */
  readonly text: string;
  readonly packet: Packet;
  readonly expected: Answer;
}

export type Answer = Pick<FrameVerdict, 'verdict' | 'code' | 'at'>;

/**
 * Parses a collection of packet stories. Throws InputError with file and line.
 *
 * ```
 * # Prose: from a '#' that begins a line or follows a space to the end of the line.
 * vpc:
 *   short YAML, indented; it holds for the stories below it, up to the next `vpc:`
 * story SG-4: no rule in a direction, replies still pass
 *   options midstream=strict denied=forget history=10
 *   0.000 203.0.113.7:51000 > 10.0.1.20:443 tcp S  => eni-web ingress allow rule sgr-https
 *   0.2   10.0.1.20:443 > 203.0.113.7:51000 tcp SA => eni-web egress allow tracked sgr-https
 * ```
 * A line `TIME event EDITS` changes the VPC at that time: `1.5 event revoke: { sg-web: [sgr-ssh] }`.
 * A step is `TIME PACKET => ANSWER`. TIME is in seconds, exact to the nanosecond. PACKET: see `parsePacket`.
 * ANSWER lists the interfaces asked, sender first, `ENI DIRECTION VERDICT CODE [RULE]; ...`, or is
 * `VERDICT CODE` when none is. The rule stands on every `allow` and nowhere else.
 * Options left out have the product's defaults; `history` is in seconds.
 */
export function parseStories(file: string, text: string): readonly Story[] {
  const stories: Story[] = [];
  let vpc: string | undefined;
  let story: (Story & { steps: Step[]; options: TrackingOptions; events: string }) | undefined;
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const fail = (fact: string): InputError =>
      inputError('story', `${file}:${index + 1}`, fact, 'see parseStories for the format');
    const line = withoutProse(lines[index]!);
    if (line.trim() === '') continue;
    if (line === 'vpc:') {
      const block = blockAfter(lines, index);
      vpc = block.join('\n');
      index += block.length;
      story = undefined;
    } else if (line.startsWith('story ')) {
      if (vpc === undefined) throw fail('a story needs a `vpc:` block above it');
      const name = line.slice('story '.length).trim();
      if (stories.some((other) => other.name === name)) throw fail(`two stories named '${name}'`);
      story = { name, line: index + 1, vpc, options: DEFAULT_TRACKING, events: '', steps: [] };
      stories.push(story);
    } else if (!line.startsWith(' ') || story === undefined) {
      throw fail('expected `vpc:`, `story NAME` or an indented line of a story');
    } else if (line.trim().startsWith('options ')) {
      if (story.steps.length > 0) throw fail('options come before the first packet');
      stories[stories.length - 1] = story = { ...story, options: parseOptions(line, fail) };
    } else if (EVENT.test(line)) {
      const [, time, edits] = EVENT.exec(line)!;
      story.events += `- { at: ${time!}, ${edits!} }\n`;
    } else {
      story.steps.push(parseStep(line.trim(), index + 1, fail));
    }
  }
  const empty = stories.find(({ steps }) => steps.length === 0);
  if (empty !== undefined) {
    throw inputError('story', `${file}:${empty.line}`, 'a story without packets');
  }
  return stories;
}

const EVENT = /^\s+(\S+)\s+event\s+(.*)$/;

/** The answer on one line: for the whole frame, then at each interface. */
export function formatAnswer({ verdict, code, at }: Answer): string {
  const answers = at.map((one) =>
    `${one.eni} ${one.direction} ${one.verdict} ${one.code} ${one.rule ?? ''}`.trimEnd(),
  );
  return [`${verdict} ${code}`, ...answers].join('; ');
}

type Fail = (fact: string) => InputError;

const withoutProse = (line: string): string => line.replace(/(^|\s)#.*$/, '').trimEnd();

/** The indented and blank lines below `index`; YAML minds neither the indent they share nor '#'. */
function blockAfter(lines: readonly string[], index: number): readonly string[] {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return end < 0 ? rest : rest.slice(0, end);
}

function parseOptions(line: string, fail: Fail): TrackingOptions {
  let options = DEFAULT_TRACKING;
  for (const setting of line.trim().split(/\s+/).slice(1)) {
    const [key, value = ''] = setting.split('=');
    if (key === 'midstream' && isOneOf<MidstreamPolicy>(value, ['history', 'strict', 'pickup'])) {
      options = { ...options, midstream: value };
    } else if (key === 'denied' && isOneOf<DeniedPolicy>(value, ['remember', 'forget'])) {
      options = { ...options, denied: value };
    } else if (key === 'history' && /^\d+$/.test(value)) {
      options = { ...options, historySeconds: Number(value) };
    } else if (key === 'related' && isOneOf<RelatedPolicy>(value, ['all', 'pmtud', 'none'])) {
      options = { ...options, related: value };
    } else if (key === 'exempt' && isOneOf<ExemptPolicy>(value, ['addresses', 'services'])) {
      options = { ...options, exempt: value };
    } else if (key === 'auto-tracked' && isOneOf<AutoTrackedEdition>(value, ['2026', '2023'])) {
      options = { ...options, autoTracked: value };
    } else if (key === 'max-tracked' && /^\d+$/.test(value)) {
      options = { ...options, maxTracked: Number(value) };
    } else {
      throw fail(`unknown option '${setting}'`);
    }
  }
  return options;
}

const isOneOf = <T extends string>(text: string, values: readonly T[]): text is T =>
  (values as readonly string[]).includes(text);

function parseStep(text: string, line: number, fail: Fail): Step {
  const parts = text.split(/\s+=>\s+/);
  if (parts.length !== 2) throw fail('a step is `TIME PACKET => ANSWER`');
  const [, time, packetText] = /^(\S+)\s+(.*)$/.exec(parts[0]!) ?? [];
  if (time === undefined || packetText === undefined)
    throw fail('a step is `TIME PACKET => ANSWER`');
  const packet = parsePacket(packetText, parseSeconds(time, fail), fail);
  return { line, text: parts[0]!, packet, expected: parseAnswer(parts[1]!, fail) };
}

function parseSeconds(text: string, fail: Fail): bigint {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (whole === undefined) throw fail(`'${text}' is not a time in seconds`);
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function parseAnswer(text: string, fail: Fail): Answer {
  const answers = text.split(';').map((answer) => answer.trim().split(/\s+/));
  const [first] = answers;
  if (answers.length === 1 && first!.length === 2) {
    return { ...parseVerdict(first![0], first![1], fail), at: [] };
  }
  const at = answers.map((words) => parseInterfaceAnswer(words, fail));
  return { ...frameVerdict(at), at };
}

function parseInterfaceAnswer(words: readonly string[], fail: Fail): InterfaceVerdict {
  const [eni, direction, verdict, code, rule] = words;
  if (
    eni === undefined ||
    (direction !== 'ingress' && direction !== 'egress') ||
    words.length > 5
  ) {
    throw fail(`'${words.join(' ')}' is not \`ENI DIRECTION VERDICT CODE [RULE]\``);
  }
  const answer: InterfaceVerdict = { eni, direction, ...parseVerdict(verdict, code, fail) };
  if ((answer.verdict === 'allow') !== (rule !== undefined)) {
    throw fail('a rule stands on every allow and nowhere else');
  }
  return rule === undefined ? answer : { ...answer, rule };
}

function parseVerdict(
  verdict: string | undefined,
  code: string | undefined,
  fail: Fail,
): { verdict: Answer['verdict']; code: VerdictCode } {
  const entry = VERDICT_CODES.find(({ name }) => name === code);
  if (entry === undefined || entry.verdict !== verdict) {
    throw fail(`'${verdict ?? ''} ${code ?? ''}' is not a verdict and one of its codes`);
  }
  return { verdict: entry.verdict, code: entry.name };
}

/** CT-20: an interface that stops the packet decides; else any that allowed it; else nobody filtered it. */
function frameVerdict(at: readonly InterfaceVerdict[]): Pick<Answer, 'verdict' | 'code'> {
  const last = at.at(-1)!;
  const passed = last.verdict === 'allow' || last.verdict === 'not-filtered';
  const { verdict, code } = (passed ? at.findLast((one) => one.verdict === 'allow') : last) ?? last;
  return { verdict, code };
}
