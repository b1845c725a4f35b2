/** Where the items of one try of the node meet, each with something that the others are to know. */
interface Meeting<Brought> {
	brought: Map<number, Brought>;
	begin(): void;
	begun: Promise<void>;
}

/** One item, as it comes to a meeting. */
export interface Comer {
	/** What is the same for all items of this run of the node, and for its other tries. */
	key: object;
	itemIndex: number;
	/** How many items come. */
	present: number;
	/** Aborted when nobody waits for the item any more. */
	over: AbortSignal;
}

/** Waits for all items; gives what each has brought, by its index, or undefined where the execution is over. */
export type Meet<Brought> = (
	comer: Comer,
	brings: Brought,
) => Promise<ReadonlyMap<number, Brought> | undefined>;

/** Makes a place where the items of each execution meet. */
export function meetingPlace<Brought>(): Meet<Brought> {
	const meetings = new WeakMap<object, Meeting<Brought>>();
	return async ({ key, itemIndex, present, over }, brings) => {
		let meeting = meetings.get(key);
		// An item that comes a second time belongs to the next try.
		if (meeting === undefined || meeting.brought.has(itemIndex)) {
			meeting = open();
			meetings.set(key, meeting);
		}
		meeting.brought.set(itemIndex, brings);
		if (meeting.brought.size >= present) meeting.begin();
		await Promise.race([meeting.begun, whenAborted(over)]);
		return over.aborted ? undefined : meeting.brought;
	};
}

function open<Brought>(): Meeting<Brought> {
	let begin: () => void = () => undefined;
	const begun = new Promise<void>((resolve) => {
		begin = resolve;
	});
	return { brought: new Map(), begin, begun };
}

async function whenAborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		signal.addEventListener(
			'abort',
			() => {
				resolve();
			},
			{ once: true },
		);
	});
}
