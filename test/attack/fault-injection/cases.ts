import { FAULTS, type FaultKind } from './faults';
import { COMPLETIONS, REQUESTS, type Completion, type PackageRequest } from './requests';

export const ON_ERROR = ['stop', 'continue', 'error output'] as const;
/** What the node is set to do on errors. */
export type OnError = (typeof ON_ERROR)[number];

/** How often the fault comes: once, or until the user does something about it. */
export type Times = 'once' | 'for good';

/** One case: a fault that meets a request under the settings of a user. */
export interface Case {
	/** All settings in one text, such as `create/401/polling/stop/once`. */
	id: string;
	request: PackageRequest;
	fault: FaultKind;
	/** Undefined for the trigger, which has no such setting. */
	completion: Completion | undefined;
	onError: OnError | undefined;
	times: Times;
}

/** A combination that is not a case, and why. */
export interface NoCase {
	request: PackageRequest;
	fault: FaultKind;
	/** The completion, setting or times that it is about; left out: the fault cannot meet the request at all. */
	part?: string;
	why: string;
}

/** Every request × fault × completion × setting × times: a case, or a reason. */
export interface Matrix {
	cases: readonly Case[];
	none: readonly NoCase[];
}

/** Generates the matrix; the order is always the same. */
export function generate(): Matrix {
	const cases: Case[] = [];
	const none: NoCase[] = [];
	for (const request of REQUESTS) {
		for (const fault of FAULTS) {
			const why = fault.notFor?.(request);
			if (why !== undefined) {
				none.push({ request, fault, why });
				continue;
			}
			const settings = settingsOf(request);
			for (const { part, why: reason } of settings.none)
				none.push({ request, fault, part, why: reason });
			for (const [completion, onError] of settings.pairs) {
				for (const times of ['once', 'for good'] as const) {
					if (times === 'for good' && !request.isRepeated) continue;
					const id = [request.id, fault.id, completion, onError, times]
						.filter((part) => part !== undefined)
						.join('/')
						.replaceAll(' ', '-');
					cases.push({ id, request, fault, completion, onError, times });
				}
			}
			if (!request.isRepeated) {
				none.push({ request, fault, part: 'for good', why: 'it is sent once in an execution' });
			}
		}
	}
	return { cases, none };
}

interface Settings {
	pairs: [Completion | undefined, OnError | undefined][];
	none: { part: string; why: string }[];
}

function settingsOf({ by, completions, notWith, stopsOnly }: PackageRequest): Settings {
	if (by === 'Runflow Trigger') {
		const why = 'the trigger has no such setting';
		return { pairs: [[undefined, undefined]], none: [{ part: 'completion, On Error', why }] };
	}
	const onErrors = ON_ERROR.filter((onError) => stopsOnly === undefined || onError === 'stop');
	const left = COMPLETIONS.filter((completion) => !completions.includes(completion));
	return {
		pairs: completions.flatMap((completion) =>
			onErrors.map((onError): [Completion, OnError] => [completion, onError]),
		),
		none: [
			...left.map((part) => ({ part, why: notWith ?? '' })),
			...(stopsOnly === undefined
				? []
				: ON_ERROR.slice(1).map((part) => ({ part, why: stopsOnly }))),
		],
	};
}
