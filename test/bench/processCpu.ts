import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Ticks of the clock in which Linux counts the time of processes, in a second. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The CPU time that a process has used so far, all its threads together, in milliseconds. Linux only. */
export function cpuOf(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The name of the process, in brackets, may hold spaces.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [user = NaN, system = NaN] = fields.slice(11, 13).map(Number);
	return ((user + system) / TICKS) * 1000;
}
