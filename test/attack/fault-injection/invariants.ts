import type { Case } from './cases';
import { isRefusal, isTimeout } from './faults';
import { TARGET } from './injection';
import type { ErrorSeen, Observation, Paid, Result } from './observation';
import type { TriggerObservation } from './triggerScene';
import { wrongWords } from './wording';

/** The most that n8n stores of an execution of these cases without their files, in characters. */
export const LONGEST_EXECUTION = 60_000;
/** The longest line of n8n's log, in characters. */
const LONGEST_LOG = 700;

/** Which promise is broken, and how. */
export interface Broken {
	promise: PromiseName;
	line: string;
}

type PromiseName = keyof typeof PROMISES;

/** What holds in every case. */
export const PROMISES = {
	met: 'the fault meets a request',
	once: 'no second run is paid for an item, after Retry either',
	found: 'every accepted run is named by an item or an error, or is found by Retry',
	words: 'errors say in plain words what happened and what to do, of the right item',
	passes: 'a fault that comes once and passes leaves no trace where the request is sent again',
	others: 'other items give their results where the node continues',
	ends: 'every execution ends or waits, in bounded time and size',
	recovers: 'when the fault is over, Retry or the next callback brings every result',
	secret: 'the API key and the signing secret stay where they belong',
} as const;

/** What of an observation of the node breaks a promise. */
export function brokenByNode(seen: Observation): Broken[] {
	const { first, second, met, leaks } = seen;
	const broken: Broken[] = [];
	const breaks = (promise: PromiseName, line: string): void => {
		broken.push({ promise, line });
	};
	if (met === 0) breaks('met', 'the fault met no request');
	for (const result of [first, second]) {
		if (result?.status === 'hung') breaks('ends', 'the execution did not end in time');
		if (result?.status === 'other') breaks('ends', 'the execution ended in another way');
		if ((result?.storedLength ?? 0) > LONGEST_EXECUTION) {
			breaks('ends', `n8n stores ${result?.storedLength ?? 0} characters of the execution`);
		}
	}
	for (const line of paidTwice(seen)) breaks('once', line);
	for (const line of lost(seen)) breaks('found', line);
	for (const line of badWords(seen)) breaks('words', line);
	if (leavesNoTrace(seen.case)) {
		for (const line of traces(seen)) breaks('passes', line);
	}
	for (const line of missingResults(seen)) breaks('others', line);
	for (const line of notRecovered(seen)) breaks('recovers', line);
	for (const place of leaks) breaks('secret', `a secret is in ${place}`);
	return broken;
}

function indices({ items }: Observation): number[] {
	return Array.from({ length: items }, (_, index) => index);
}

function paidTwice(seen: Observation): string[] {
	return indices(seen).flatMap((item) => {
		const runs = seen.paid.filter((run) => run.item === item && !run.isFree).length;
		return runs > 1 ? [`item ${item} has ${runs} runs`] : [];
	});
}

/** The errors of a result, each with the item that it is of. */
function errorsOf({ items, thrown }: Result): ErrorSeen[] {
	return [...items.flatMap(({ error }) => error ?? []), ...(thrown === undefined ? [] : [thrown])];
}

/** Whether the user learns of a run from what has come out, or n8n still waits for it. */
function isReported(result: Result, { id, item }: Paid): boolean {
	if (result.status === 'waiting') return true;
	if (result.items.some(({ run }) => run?.id === id)) return true;
	return errorsOf(result).some(
		(error) =>
			(error.runId === id && error.description.includes(id)) ||
			(error.others[item] === id && error.description.includes(id)) ||
			error.description.includes(`item ${item}: not known whether it was started`) ||
			(error.item === item && error.description.includes('not known whether the run was started')),
	);
}

function lost(seen: Observation): string[] {
	const { first, paidFirst, paid } = seen;
	const untold = [
		...paidFirst.filter((run) => !isReported(first, run)),
		// An execution that has waited ends later, and is not retried where it succeeds.
		...(first.status === 'waiting' ? paid.filter((run) => !isReported(found(seen), run)) : []),
	];
	return untold.map(({ item }) => `the run of item ${item} is in no item and no error`);
}

/** What the user finds of an execution that has ended: at first, or after it has waited. */
function found({ first, second }: Observation): Result {
	return first.status === 'waiting' ? (second ?? first) : first;
}

/**
 * Whether the user must see nothing of the fault. Where nothing listens, every request of that time meets it. A file is
 * requested again for any answer of the storage. A lost upload is noticed only in the next step. Where fresh links
 * are needed, a record with nothing but a readable id is accepted. A run that is returned immediately is not waited for.
 */
function leavesNoTrace({ request, fault, times, completion }: Case): boolean {
	if (times !== 'once' || !request.isRepeated || fault.id === 'refused') return false;
	if (isRefusal(fault) && request.answers !== 'a file') return false;
	if (request.id === 'put') return fault.id !== 'page';
	if (request.id === 'refresh') return fault.id !== 'wrong-types';
	return request.id !== 'retried' || completion !== 'immediately';
}

function traces(seen: Observation): string[] {
	const { status, items } = found(seen);
	const wrong = items.filter(({ error }) => error !== undefined).length;
	return status === 'success' && wrong === 0 ? [] : [`it has ended as ${status}, ${wrong} errors`];
}

function badWords(seen: Observation): string[] {
	const { case: one, first, paidFirst, paid } = seen;
	const runs = first.status === 'waiting' ? paid : paidFirst;
	return errorsOf(found(seen)).flatMap((error) => {
		const run = runs.find(({ item }) => item === error.item);
		const wrong = wrongWords(error, run !== undefined);
		if (error.item === undefined) wrong.push('it names no item');
		else if (!error.message.endsWith(`[item ${error.item}]`)) {
			wrong.push('its message names another item');
		}
		// Where nothing listens, or a list is read for all, any item may be the one.
		const isTargeted =
			!one.request.isForAll && one.fault.id !== 'refused' && one.request.stage !== 'retry';
		if (isTargeted && one.request.items > 1 && error.item !== TARGET) {
			wrong.push(`it is of item ${error.item ?? '?'}, the fault of item ${TARGET}`);
		}
		if (run !== undefined && error.runId !== undefined && error.runId !== run.id) {
			wrong.push('it names another run');
		}
		return wrong.map((line) => `${line} (${JSON.stringify(error.message.slice(0, 120))})`);
	});
}

/** In the two settings that continue, each item comes out once; those that no fault met with their result. */
function missingResults(seen: Observation): string[] {
	const { case: one } = seen;
	const { status, items } = found(seen);
	if (one.onError === 'stop' || status !== 'success') return [];
	const meetsOne = !one.request.isForAll && one.fault.id !== 'refused';
	return indices(seen).flatMap((item) => {
		const own = items.filter((out) => out.item === item);
		if (own.length !== 1) return [`item ${item} came out ${own.length} times`];
		if (meetsOne && item !== TARGET && own[0]?.error !== undefined) {
			return [`item ${item}, which no fault met, is an error`];
		}
		return [];
	});
}

function notRecovered(seen: Observation): string[] {
	const { case: one, first, second, paid, wantsFiles } = seen;
	const last = second ?? first;
	if (last.status !== 'success') {
		const detail = last.thrown === undefined ? '' : ` (${JSON.stringify(last.thrown.message)})`;
		return [`after the fault was over the execution ended as ${last.status}${detail}`];
	}
	// An execution that succeeded is not retried; what its error items say is checked above. But one that has waited
	// resumes when the fault is over, so no fault of that time makes an error.
	const waited = first.status === 'waiting' && one.request.stage !== 'start';
	const mayHaveErrors = one.onError !== 'stop' && !waited;
	return indices(seen).flatMap((item) => {
		const [own, ...more] = last.items.filter((out) => out.item === item);
		if (more.length > 0) return [`item ${item} came out ${more.length + 1} times in the end`];
		if (own?.error !== undefined && mayHaveErrors) return [];
		if (own?.run === undefined) return [`item ${item} has no result in the end`];
		const wrong: string[] = [];
		if (!paid.some(({ id, item: of }) => id === own.run?.id && of === item)) {
			wrong.push(`item ${item} has the run of another item`);
		}
		if (one.completion !== 'immediately' && own.run.status !== 'succeeded') {
			wrong.push(`item ${item} is handed on as ${own.run.status}`);
		}
		if (wantsFiles && own.run.files !== 1) wrong.push(`item ${item} has ${own.run.files} files`);
		return wrong;
	});
}

/** What of an observation of the trigger breaks a promise. */
export function brokenByTrigger(seen: TriggerObservation): Broken[] {
	const { case: one, met, due, dueAfter, started, startedAfter, answers, logs, leaks } = seen;
	const broken: Broken[] = [];
	const breaks = (promise: PromiseName, line: string): void => {
		broken.push({ promise, line });
	};
	if (met === 0) breaks('met', 'the fault met no request');
	if (seen.hung) breaks('ends', 'the deliveries were not over in time');
	// After a time-out Runflow has given up before, and sends the delivery again.
	if (leavesNoTrace(one) && !isTimeout(one.fault) && (started < due || answers.length > due)) {
		breaks('passes', `the answers were ${answers.join(', ')}`);
	}
	if (started > due || startedAfter > dueAfter) {
		breaks('once', `the workflow was started ${startedAfter} times instead of ${dueAfter}`);
	}
	if (startedAfter < dueAfter) breaks('recovers', 'a redelivery did not start the workflow');
	if (!seen.areComplete)
		breaks('recovers', 'the workflow was started with less than was asked for');
	// Where Runflow refuses the history of a delivery, it passes for a copy; n8n's log has to say so.
	const isCopy = logs.some((line) =>
		line.includes('treated as a repeated delivery, since Runflow refused'),
	);
	const mayBeCopy = one.request.id === 'trigger-history' && isRefusal(one.fault);
	if (started < due && logs.length === 0) {
		breaks('words', "n8n's log says nothing of the delivery that started nothing");
	}
	if (started < due && answers.at(-1) === 200 && !(mayBeCopy && isCopy)) {
		breaks('found', 'the delivery was taken, and nothing started');
	}
	for (const line of logs) {
		if (line.length > LONGEST_LOG)
			breaks('words', `a line of the log has ${line.length} characters`);
		if (/<\/?[a-z!][^>]*>/i.test(line)) breaks('words', 'a line of the log quotes a web page');
	}
	for (const place of leaks) breaks('secret', `a secret is in ${place}`);
	return broken;
}
