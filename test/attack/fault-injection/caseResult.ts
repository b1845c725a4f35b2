import type { Case } from './cases';
import { TARGET } from './injection';
import { brokenByNode, brokenByTrigger, type Broken } from './invariants';
import type { ErrorSeen, Observation } from './observation';
import type { TriggerObservation } from './triggerScene';

/** What came of a case, for the page and the figures. */
export interface CaseResult {
	case: Case;
	/** In a few words. */
	outcome: string;
	/** What the user reads, without ids and the number of the item. */
	message: string | undefined;
	broken: Broken[];
	/** Where it could not be carried out: why. */
	failed?: string;
	seconds: number;
	/** Runs accepted, and starts of a workflow for the trigger. */
	accepted: number;
	/** Length of what n8n stores of the execution without its files, in characters. */
	storedLength: number;
}

/** Whether a case breaks a promise, or says nothing since it could not be carried out. */
export function isBroken({ broken, failed }: CaseResult): boolean {
	return broken.length > 0 || failed !== undefined;
}

/** What came of a case of the node. */
export function resultOfNode(seen: Observation): CaseResult {
	const { case: one, seconds, first, second, paid } = seen;
	const error =
		first.thrown ??
		first.items.find(({ item }) => item === TARGET)?.error ??
		first.items.find((item) => item.error !== undefined)?.error;
	return {
		case: one,
		outcome: outcomeOf(seen, error),
		message: error === undefined ? undefined : bare(error.message),
		broken: brokenByNode(seen),
		seconds,
		accepted: paid.length,
		storedLength: Math.max(first.storedLength, second?.storedLength ?? 0),
	};
}

function outcomeOf({ first }: Observation, error: ErrorSeen | undefined): string {
	if (first.status === 'waiting') return 'waits on';
	if (first.status === 'hung' || first.status === 'other') return 'hangs';
	if (error === undefined) return 'result';
	if (error.runId !== undefined) return 'error, run ID given';
	return error.description.includes('not known whether')
		? 'error: not known whether there is a run'
		: 'error, no run';
}

/** What came of a case of the trigger. */
export function resultOfTrigger(seen: TriggerObservation): CaseResult {
	const { case: one, seconds, due, started, startedAfter, answers, logs } = seen;
	const isStarted = started >= due;
	const isTaken = answers.at(-1) === 200;
	return {
		case: one,
		outcome: isStarted
			? answers.length > due
				? 'refused with 503, starts when it comes again'
				: 'the workflow starts'
			: isTaken
				? 'treated as repeated: nothing starts'
				: 'refused with 503: starts with the next redelivery',
		message: isStarted ? undefined : logs.map(reasonIn).at(-1),
		broken: brokenByTrigger(seen),
		seconds,
		accepted: startedAfter,
		storedLength: 0,
	};
}

function reasonIn(line: string): string {
	return bare(/refused a callback with \d+: (.*)$/s.exec(line)?.[1] ?? line);
}

/** A message as it is the same in every case. */
function bare(message: string): string {
	return message
		.replace(/ \[item \d+\]$/, '')
		.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')
		.replace(/(.)\1{30,}/g, '$1$1$1…');
}
