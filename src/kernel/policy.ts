// What one replay goes by: the rule image and the modelling choices (CT-14, CT-25). Set once.

export let image: usize = 0;
export let midstream: u32 = 0;
export let rememberDenied: bool = true;
export let historyNs: i64 = 0;

export function setupPolicy(at: usize, policy: u32, remember: bool, history: i64): void {
  image = at;
  midstream = policy;
  rememberDenied = remember;
  historyNs = history;
}
