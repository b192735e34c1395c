import { inputError } from '../model/diagnostic.js';
import { type FlowLogField, flowLogField } from '../model/flow-log-field.js';
import { shown } from './faults.js';

/** Longest format that is looked at: every field once takes some 700 characters. */
const FORMAT_MAX = 4096;

/**
 * Reads a custom format as `aws ec2 create-flow-logs --log-format` takes it: `${version} ${srcaddr} ...`, or the bare names.
 * `option` names it in faults. Throws InputError.
 */
export function parseFlowLogFormat(text: string, option: string): readonly FlowLogField[] {
  const fault = (fact: string, fix: string): Error => inputError('usage', option, fact, fix);
  const words = text.length > FORMAT_MAX ? [] : text.split(/[\s,]+/u).filter((word) => word !== '');
  if (words.length === 0) {
    throw fault('names no fields', "write it like '${version} ${srcaddr} ${dstaddr}'");
  }
  const fields = words.map((word) => {
    const field = flowLogField(/^\$\{(.+)\}$/u.exec(word)?.[1] ?? word);
    if (field !== undefined) return field;
    throw fault(
      `${shown(word)} is no field of a flow log`,
      "name AWS's fields, such as ${tcp-flags}",
    );
  });
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice !== undefined) throw fault(`${twice} is named twice`, 'name every field once');
  return fields;
}
