import { TCP } from '../model/protocol.js';
import { type FlowState, type Remembered, isOver } from '../model/remembered.js';
import { openingFrame, seconds } from './cause-words.js';
import { limitText } from './idle-limit.js';
import { isBareSyn, isIcmp } from './reference-connection.js';
import { type Cause, type Situation, silence } from './situation.js';

/** CT-14: of a mid-stream packet, what became of its connection. */
export function causeOfNoState(situation: Situation): Cause {
  const { memory, firstFragment, world } = situation;
  if (memory?.kind === 'connection') return causeOfEnd(situation, memory);
  if (world.tracking.midstream === 'strict' && firstFragment === undefined) {
    return {
      cause: 'mid-stream',
      reason:
        'its connection is not known, and with --midstream strict tcp has to begin with a bare SYN',
    };
  }
  return { cause: 'connection-closed', reason: 'its connection had expired or closed' };
}

/** CT-25: the opening that the packet follows or answers was dropped. */
export function causeOfNotOpened(situation: Situation): Cause {
  const { answer, memory } = situation;
  if (memory?.kind !== 'denied') {
    return { cause: 'opening-denied', reason: 'its connection was denied when it opened' };
  }
  const dropped = `${openingFrame(memory)}, was dropped at ${answer.eni} ${memory.original}`;
  return answer.direction === memory.original
    ? { cause: 'opening-denied', reason: `the opening of its connection, ${dropped}` }
    : {
        cause: 'request-denied',
        reason: `the reply would pass, but its request, ${dropped}`,
      };
}

/** Of a packet that no rule allows: what it answers or goes on with was forgotten, or denied. */
export function causeOfForgotten(situation: Situation): Cause | undefined {
  const { answer, evidence, ip, memory } = situation;
  if (memory === undefined || isBareSyn(ip)) return undefined;
  if (quotes(situation)) return causeOfLateError(situation, memory);
  if (!isOver(memory, evidence.clockNs)) return undefined;
  if (answer.direction === memory.original) {
    const isTcp = memory.kind === 'connection' && ip.protocol === TCP;
    return isTcp ? causeOfEnd(situation, memory, `, and no rule allows it`) : undefined;
  }
  const age = seconds(silence(situation, memory));
  if (memory.kind === 'connection') {
    return {
      cause: 'reply-too-late',
      reason: `it answers a connection, opened by ${openingFrame(memory)}, that was silent for ${age}; ${limitText(situation, memory)}, and no rule allows the reply alone`,
    };
  }
  if (memory.kind !== 'denied') return undefined;
  return {
    cause: 'reply-too-late',
    reason: `it answers ${openingFrame(memory)}, which was dropped, and comes ${age} after it: too late also if the request had passed, since ${limitText(situation, memory)}`,
  };
}

/** TCP that goes on after its connection was forgotten. */
function causeOfEnd(situation: Situation, memory: Remembered, rest = ''): Cause {
  const opened = `its connection, opened by ${openingFrame(memory)},`;
  const age = seconds(silence(situation, memory));
  const limit = limitText(situation, memory);
  const end = ended(memory);
  if (end === undefined) {
    return {
      cause: 'idle-too-long',
      reason: `${opened} was silent for ${age}, and ${limit}${rest}`,
    };
  }
  return {
    cause: 'connection-closed',
    reason: `${opened} ended with ${end}, and this comes ${age} after its last packet; ${limit}${rest}`,
  };
}

function ended({ state }: Remembered): 'FIN' | 'RST' | undefined {
  if (state === 'CLOSE') return 'RST';
  return state !== undefined && AFTER_FIN.includes(state) ? 'FIN' : undefined;
}

const AFTER_FIN: readonly FlowState[] = ['FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'];

/** CT-16: an ICMP error would pass if the packet that it quotes belonged to a live connection. */
function causeOfLateError(situation: Situation, memory: Remembered): Cause | undefined {
  const { world, evidence, answer } = situation;
  if (world.tracking.related !== 'all') return undefined;
  if (memory.kind === 'denied') {
    return {
      cause: 'request-denied',
      reason: `it is an icmp error about a flow whose opening, ${openingFrame(memory)}, was dropped at ${answer.eni} ${memory.original}`,
    };
  }
  if (memory.kind !== 'connection' || !isOver(memory, evidence.clockNs)) return undefined;
  const age = seconds(silence(situation, memory));
  return {
    cause: 'reply-too-late',
    reason: `it is an icmp error about a connection, opened by ${openingFrame(memory)}, that was silent for ${age}; ${limitText(situation, memory)}, and no rule allows the error alone`,
  };
}

function quotes({ ip }: Situation): boolean {
  return isIcmp(ip) && ip.transport?.kind === 'icmp' && ip.transport.quote !== undefined;
}
