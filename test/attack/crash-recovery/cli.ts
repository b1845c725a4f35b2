import { parseArgs } from 'node:util';

import type { Measured } from '../../bench/part';
import { withApp } from '../../bench/app';
import { wholeNumber } from '../arguments';
import { attack } from '../attack';
import { attackWith, type Audit } from './audit';
import { measured } from './figures';
import { drawMoments } from './moments';
import { makeTasks, MODES, type Mode } from './tasks';
import { seededFor } from './random';
import { runflow, setUp } from './setUp';
import type { Round } from './kills';

/** How many executions are under way at each kill. */
const BATCH = 16;
const EXECUTIONS = 100;

/**
 * Usage: npm run attack:crashes [-- --executions=100 --seed=1 --mode=polling]
 *
 * Kills the real n8n app with SIGKILL in the middle of so many executions of each mode, starts it again on the same
 * database, and counts what became of the runs. Figures of fewer executions, or of one mode, are not kept.
 */
const { values } = parseArgs({
	options: {
		executions: { type: 'string', default: String(EXECUTIONS) },
		seed: { type: 'string', default: '1' },
		mode: { type: 'string' },
	},
});

const seed = wholeNumber('seed', values.seed, 0);
const executions = wholeNumber('executions', values.executions, 1);

function modesOf(wanted: string | undefined): Mode[] {
	const modes = MODES.filter((mode) => wanted === undefined || mode === wanted);
	if (modes.length === 0) throw new Error(`There is: ${MODES.join(', ')}`);
	return modes;
}

async function carryOut(): Promise<Measured> {
	const audits: Audit[] = [];
	for (const mode of modesOf(values.mode)) {
		const rounds = roundsOf(mode);
		audits.push(
			await withApp(
				runflow(seed),
				async (demo) => await attackWith(await setUp(demo, seed, [mode]), rounds),
			),
		);
	}
	return measured(audits);
}

function roundsOf(mode: Mode): Round[] {
	const tasks = makeTasks(mode, executions);
	const kills = Math.ceil(executions / BATCH);
	const moments = drawMoments(mode, kills, BATCH, seededFor(seed, mode));
	return moments.map((moment, index) => ({
		moment,
		tasks: tasks.slice(index * BATCH, (index + 1) * BATCH),
	}));
}

void attack('crashes', carryOut, {
	isPart: values.mode !== undefined || executions < EXECUTIONS,
});
