import {readMutations} from './mutations.js';
import {readSeeds} from './seeds.js';
const seeds = readSeeds();
const t0=performance.now();
const t = await readMutations(seeds, Number(process.env.N ?? 2000), Number(process.env.S ?? 1));
console.log((performance.now()-t0)/1000, {...t, findings: t.findings.length});
for (const f of t.findings.slice(0,8)) console.log(f.input, f.plan.inputs.map(b=>b.length), f.plan.decap, f.plan.filter, !!f.plan.judge, f.error.stack?.split('\n').slice(0,3).join('\n').slice(0,600));
for (const f of t.findings) console.log(f.plan.inputs.map(b=>Buffer.from(b).toString('hex').slice(0,800)), JSON.stringify(f.manners));
