import type { Mode } from './tasks';
import type { Phase } from './phases';
import { between, type Random } from './random';

/** When n8n is killed: so long after so many tasks of a mode have come as far as a phase. */
export interface Moment {
	readonly mode: Mode;
	readonly phase: Phase;
	readonly count: number;
	readonly delayMs: number;
}

/** The phases that a task of each mode goes through. */
export const PHASES: Readonly<Record<Mode, readonly Phase[]>> = {
	immediately: ['before the create request', 'between create and its answer', 'after the answer'],
	polling: [
		'before the create request',
		'between create and its answer',
		'after the answer',
		'looking at the run',
		'around the end of the run',
		'downloading',
	],
	callback: [
		'before the create request',
		'between create and its answer',
		'after the answer',
		'looking at the run',
		'suspended',
		'around the end of the run',
		'downloading',
	],
};

/** The longest time between the event that is waited for and the kill, in milliseconds. */
const LONGEST_DELAY = 150;
/** The share of a batch that may have to come so far. */
const SHARE = 1 / 2;

/**
 * So many moments, each phase as often as every other one; in which order, at which of its events and how long
 * after it is drawn.
 * @param batch how many tasks are sent before each kill
 */
export function drawMoments(mode: Mode, kills: number, batch: number, random: Random): Moment[] {
	const phases = PHASES[mode];
	const drawn: Moment[] = [];
	let left: Phase[] = [];
	while (drawn.length < kills) {
		if (left.length === 0) left = [...phases];
		const [phase] = left.splice(between(random, 0, left.length - 1), 1);
		if (phase === undefined) continue;
		const count = between(random, 1, Math.max(1, Math.floor(batch * SHARE)));
		drawn.push({ mode, phase, count, delayMs: between(random, 0, LONGEST_DELAY) });
	}
	return drawn;
}
