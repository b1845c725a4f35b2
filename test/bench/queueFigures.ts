import { kept, median, none, shown } from './figures';
import type { Measured, Row } from './part';

/** How n8n is spread over workers. */
export interface Setup {
	workers: number;
	/** How many executions each of them runs at once: `n8n worker --concurrency`. */
	places: number;
}

const ONE: Setup = { workers: 1, places: 10 };
const WIDER: Setup = { workers: 1, places: 20 };
const TWO: Setup = { workers: 2, places: 10 };

/** What is compared: a second worker, and as many places more in the first one. */
export const SETUPS: readonly Setup[] = [ONE, WIDER, TWO];

/** How many times as many executions a second two workers must do as one. */
export const GAIN = 1.7;

/** What became of one round of executions. */
export interface QueueRound extends Setup {
	/** From the first execution sent to the last one ended, in seconds. */
	seconds: number;
	/** Executions. */
	perSecond: number;
	/** The CPU time that the workers took for an execution, in milliseconds. */
	workersCpuMs: number;
	executionsSent: number;
	executionsStarted: number;
	executionsSucceeded: number;
	runsNeeded: number;
	runsPaid: number;
	/** Runs that must reach the end of their workflow, and those that did, each in one item. */
	runsExpected: number;
	runsReported: number;
}

/**
 * What all rounds of one contender show.
 * @param goal how many times as many executions a second two workers must do as one; undefined for a comparison
 */
export function queueFigures(rounds: readonly QueueRound[], goal: number | undefined): Measured {
	const ofSetup = (setup: Setup, figure: 'perSecond' | 'workersCpuMs'): number =>
		median(
			rounds
				.filter(({ workers, places }) => workers === setup.workers && places === setup.places)
				.map((round) => round[figure]),
		);
	const gain = (setup: Setup, beside: Setup, more: Pick<Row, 'goal'> | object): Row => {
		const [rate, other] = [ofSetup(setup, 'perSecond'), ofSetup(beside, 'perSecond')];
		return {
			what: `executions a second, ${named(setup)} / ${named(beside)}`,
			value: kept(rate / other),
			unit: '×',
			from: `${shown(rate)}/s / ${shown(other)}/s, ${rounds[0]?.executionsSent ?? 0} executions a round`,
			...more,
		};
	};
	const sum = (key: Exclude<keyof QueueRound, keyof Setup>): number =>
		rounds.reduce((all, one) => all + one[key], 0);
	const apart = rounds.reduce((all, one) => all + Math.abs(one.runsPaid - one.runsNeeded), 0);
	return {
		ranOn: 'n8n',
		rounds: Math.ceil(rounds.length / SETUPS.length),
		rows: [
			gain(TWO, ONE, goal === undefined ? {} : { goal: { atLeast: goal } }),
			gain(WIDER, ONE, {}),
			gain(TWO, WIDER, {}),
			{
				what: `CPU time of the workers for an execution, ${named(TWO)}`,
				value: ofSetup(TWO, 'workersCpuMs'),
				unit: 'ms',
				from: `${named(ONE)}: ${shown(ofSetup(ONE, 'workersCpuMs'))} ms`,
			},
			none(
				'executions that were sent and did not end well',
				sum('executionsSent') - sum('executionsSucceeded'),
				`${sum('executionsSent')} sent, ${sum('executionsStarted')} started, ${sum('executionsSucceeded')} ended well`,
			),
			none(
				'runs that were paid and not needed, or needed and not paid',
				apart,
				`${sum('runsNeeded')} needed, ${sum('runsPaid')} paid`,
			),
			none(
				'runs that must be reported and are not, by one item each',
				sum('runsExpected') - sum('runsReported'),
				`${sum('runsReported')} reported`,
			),
		],
		raw: { rounds },
	};
}

/** A setup in words. */
export function named({ workers, places }: Setup): string {
	return workers === 1
		? `1 worker with ${places} places`
		: `${workers} workers with ${places} places each`;
}
