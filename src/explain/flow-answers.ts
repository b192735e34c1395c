import type { Answers } from '../model/answers.js';
import type { FlowQuestion } from '../model/flow-question.js';
import { groupAlike } from './alike.js';
import { askPacket } from './ask.js';
import { explain } from './explain.js';
import { packetsOf } from './question-packets.js';
import type { ExplainedWorld } from './world.js';
import type { Phase } from '../policy/timeline.js';

/**
 * Answers a question about a flow that nobody captured, as the VPC is before any event. Where it names groups, those who
 * get the same answer are put together, the most common answer first. Throws InputError when it names nobody.
 */
export function answerFlow(world: ExplainedWorld, question: FlowQuestion): Answers {
  const [{ description, policy }] = world.timeline.phases as [Phase, ...Phase[]];
  // NI-5: the packets are those of the VPC that was chosen.
  const interfaces = policy.interfaces.map(({ eni }) => eni);
  const { packets, omitted, notes } = packetsOf(question, { ...description, interfaces });
  const answers = packets.map(({ packet, subject }) => ({
    subject,
    explanation: explain(world, askPacket(world, packet), {}),
  }));
  const alike = groupAlike(answers);
  const several = packets.length > 1;
  return {
    shown: alike.map(({ explanation, subjects }) =>
      several ? { explanation, subjects } : { explanation },
    ),
    notes: omitted === 0 ? notes : [...notes, `pairs that were not looked at: ${omitted}`],
    total: { answers: alike.length, ...(several ? { subjects: packets.length } : {}) },
  };
}
