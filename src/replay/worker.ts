// The file that piscina runs on each thread.
export { workShard as default } from './shard-work.js';
