import type { FaultBehaviour, LoggedRequest, Sandbox } from '../../sandbox';
import type { Case } from './cases';
import { refusalsAt, watchRefusals } from './refusals';
import type { Precondition, Stage } from './requests';

/** The item whose requests meet the fault: not the first one, so that a wrong index shows. */
export const TARGET = 1;

/** How far the execution is. */
export type Phase = 'start' | 'suspended' | 'retry';

/** The fault of a case, in place. */
export interface Injection {
	/** Call it when the execution enters its next phase. */
	enter(phase: Phase): void;
	/** Call it with every request that is answered. */
	answered(request: LoggedRequest): void;
	/** Ends the fault: the user has done something about it. */
	end(): Promise<void>;
	/** How many requests have met it. */
	met(): number;
	/** Whether it was ended. */
	isOver(): boolean;
}

const XML_EXPIRED =
	'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

const PRECONDITIONS: Record<Precondition['fault'], FaultBehaviour> = {
	'answer lost': { kind: 'reset-after' },
	'refused for lack of credit': {
		kind: 'status',
		status: 402,
		body: { code: 'INSUFFICIENT_CREDIT', message: 'No credit left.', errors: null },
	},
	'fault of the server': { kind: 'status', status: 500 },
	'link expired': { kind: 'status', status: 403, body: XML_EXPIRED },
};

/** How often to check whether a host has refused a connection, in milliseconds. */
const CHECK_INTERVAL = 5;

/**
 * Puts the fault of a case into its sandbox, and what has to go wrong before.
 * @param itemOf which item a request is about
 */
export function inject(
	{ request, fault, times }: Case,
	sandbox: Sandbox,
	{
		itemOf,
		foreignUrl,
	}: { itemOf: (seen: LoggedRequest) => number | undefined; foreignUrl: string },
): Injection {
	let phase: Phase = 'start';
	let isArmed = true;
	const met: LoggedRequest[] = [];
	for (const { is, item, fault: kind, forGood, until } of request.preconditions) {
		let first: number | undefined;
		const isOver = (): boolean =>
			until !== undefined && first !== undefined && sandbox.requests.slice(first).some(until);
		sandbox.addFault({
			...PRECONDITIONS[kind],
			times: forGood === true || until !== undefined ? Infinity : 1,
			match: {
				where: (seen) => {
					const isMet =
						is(seen) &&
						phase !== 'retry' &&
						(item === undefined || itemOf(seen) === item) &&
						!isOver();
					if (isMet) first ??= sandbox.requests.length;
					return isMet;
				},
			},
		});
	}

	const behaviour = fault.of(request, foreignUrl);
	if (behaviour === 'refused') {
		const refusal = injectRefusal({ request, times }, sandbox);
		return {
			...refusal,
			enter: (next) => {
				phase = next;
				refusal.enter(next);
			},
		};
	}
	let left = times === 'once' ? 1 : Infinity;
	sandbox.addFault({
		...behaviour,
		times: Infinity,
		match: {
			where: (seen) => {
				const meets =
					isArmed &&
					left > 0 &&
					isOfStage(request.stage, phase) &&
					request.is(seen, sandbox) &&
					(request.isForAll || request.items === 1 || itemOf(seen) === TARGET);
				if (!meets) return false;
				left -= 1;
				met.push(seen);
				return true;
			},
		},
	});
	return {
		enter: (next) => {
			phase = next;
		},
		answered: () => undefined,
		end: async () => {
			isArmed = false;
			await Promise.resolve();
		},
		met: () => met.length,
		isOver: () => !isArmed,
	};
}

function isOfStage(stage: Stage, phase: Phase): boolean {
	return stage === phase || (stage === 'start or suspended' && phase !== 'retry');
}

/** Nothing listens from the answer before that request on: until one connection was refused, or permanently. */
function injectRefusal(
	{ request, times }: Pick<Case, 'request' | 'times'>,
	sandbox: Sandbox,
): Injection {
	const { host, comesAfter } = request;
	const url = host === 'api' ? sandbox.url : sandbox.storageUrl;
	watchRefusals();
	const before = refusalsAt(url);
	let phase: Phase = 'start';
	let isDown = false;
	let isOver = false;
	let refused = 0;
	const check = (): void => {
		if (isOver) return;
		// An answer that never comes is not reported.
		const due =
			comesAfter === undefined || sandbox.requests.some((seen) => comesAfter(seen, sandbox));
		if (!isDown && due && isOfStage(request.stage, phase)) {
			isDown = true;
			sandbox.refuse(host);
		}
		refused = refusalsAt(url) - before;
		if (isDown && times === 'once' && refused > 0) void end();
	};
	const timer = setInterval(check, CHECK_INTERVAL);
	const end = async (): Promise<void> => {
		if (isOver) return;
		isOver = true;
		clearInterval(timer);
		refused = refusalsAt(url) - before;
		await sandbox.listenAgain(host);
	};
	check();
	return {
		enter: (next) => {
			phase = next;
			check();
		},
		answered: check,
		end,
		met: () => refused,
		isOver: () => isOver,
	};
}
