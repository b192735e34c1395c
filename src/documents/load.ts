import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { VpcDescription } from '../model/vpc.js';
import { checkDuplicates } from './addresses.js';
import { isAwsAnswer, readAwsDocument } from './aws-documents.js';
import { nothingCollected, type Collected } from './collected.js';
import { withTypeDefaults } from './default-idle.js';
import { dropCopies } from './duplicates.js';
import { listErrors, listWarnings, noFaults, type Faults } from './faults.js';
import type { DocumentFile } from './files.js';
import { foreignFormat } from './foreign.js';
import { checkGroupUse } from './group-use.js';
import { joinRules } from './join-rules.js';
import { joinTransit } from './join-transit.js';
import { isJson, parseJson } from './json-text.js';
import { markStale } from './mark-stale.js';
import { mergeInterfaces } from './merge-interfaces.js';
import { fail, type Place } from './place.js';
import { joinEntries } from './prefix-list-entries.js';
import { checkQuotas } from './quotas.js';
import { checkReferences } from './references.js';
import { readShortYaml } from './short-yaml.js';
import { parseYaml } from './yaml-text.js';

/**
 * Reads AWS describe JSON and short YAML, in any mix, into one description; rules keep document order. Throws one
 * InputError with every fault of every file.
 */
export function loadVpc(files: readonly DocumentFile[]): LoadedVpc {
  const faults = noFaults();
  const collected = nothingCollected();
  for (const file of files) readDocument(file, collected, faults);
  const description: VpcDescription = {
    vpcs: dropCopies(collected.vpcs, faults),
    subnets: dropCopies(collected.subnets, faults),
    groups: markStale(joinRules(collected, faults), collected.staleRules, faults),
    interfaces: withTypeDefaults(mergeInterfaces(collected, faults), collected, faults),
    prefixLists: joinEntries(collected, faults),
    peerings: dropCopies(collected.peerings, faults),
    associations: collected.associations,
    transitAttachments: joinTransit(collected, faults),
    paths: collected.paths,
  };
  checkReferences(description, faults);
  checkGroupUse(description, faults);
  checkDuplicates(description.interfaces, faults);
  checkQuotas(description, faults);
  const errors = listErrors(faults);
  if (errors.length > 0) throw new InputError(errors);
  return { description, warnings: listWarnings(faults) };
}

export interface LoadedVpc {
  readonly description: VpcDescription;
  readonly warnings: readonly Diagnostic[];
}

function readDocument(file: DocumentFile, into: Collected, faults: Faults): void {
  const text = file.text.replace(/^\uFEFF/, '');
  const top: Place = { file: file.name, path: '', faults };
  if (text.trim() === '') {
    fail(top, 'empty', 'is empty', 'fetch it again');
    return;
  }
  const json = isJson(file.name, text);
  const parsed = json ? parseJson(text, top) : parseYaml(text, top);
  if (parsed === undefined) return;
  const foreign = foreignFormat(parsed.value);
  if (foreign !== undefined) {
    fail(top, 'format', `${foreign.name} is not read`, foreign.fix);
    return;
  }
  if (json || isAwsAnswer(parsed.value)) readAwsDocument(parsed.value, parsed.place, into);
  else readShortYaml(parsed.value, parsed.place, into);
}
