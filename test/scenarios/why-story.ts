import { type Story, parseStories } from './story.js';

/** A story and what must be answered about its packets. */
export interface WhyStory {
  readonly story: Story;
  readonly questions: readonly WhyQuestion[];
}

export interface WhyQuestion {
  readonly line: number;
  /** Number of a frame, `dropped`, or a flow. */
  readonly text: string;
  /** The whole answer, 80 columns wide, without colour. */
  readonly answer: string;
}

/**
 * Parses packet stories with questions between their lines, each with its answer behind bars:
 *
 * ```
 *   why 3
 *   | DROP  peer-not-allowed ...
 * ```
 */
export function parseWhyStories(file: string, text: string): readonly WhyStory[] {
  const lines = text.split('\n');
  const questions: (WhyQuestion & { answer: string })[] = [];
  const packets = lines.map((line, index) => {
    const question = /^ {2}why (.+)$/.exec(line);
    const answer = /^ {2}\|(?: (.*))?$/.exec(line);
    if (question !== null) questions.push({ line: index + 1, text: question[1]!, answer: '' });
    else if (answer !== null) questions.at(-1)!.answer += `${answer[1] ?? ''}\n`;
    else return line;
    return '';
  });
  const stories = parseStories(file, packets.join('\n'));
  return stories.map((story, index) => {
    const next = stories[index + 1]?.line ?? Infinity;
    return {
      story,
      questions: questions.filter(({ line }) => line > story.line && line < next),
    };
  });
}

/** The file with other answers. */
export function withAnswers(text: string, answers: ReadonlyMap<number, string>): string {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  return lines
    .filter(({ line }) => !line.startsWith('  |'))
    .flatMap(({ line, number }) => {
      const answer = answers.get(number);
      if (answer === undefined) return [line];
      const bars = answer.trimEnd().split('\n');
      return [line, ...bars.map((each) => `  | ${each}`.trimEnd())];
    })
    .join('\n');
}
