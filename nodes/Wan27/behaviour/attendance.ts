import { sleep } from 'n8n-workflow';

/** One try of the node: the items that have come, and when it is settled that no more will. */
interface Attendance {
	come: Set<number>;
	complete(): void;
	settled: Promise<void>;
}

const attendances = new WeakMap<object, Attendance>();

/** One item, as n8n hands it over. */
export interface Attendant {
	/** What is the same for all items of this run of the node, and for its other tries. */
	key: object;
	itemIndex: number;
	/** How many items there are. */
	items: number;
	/** How long it takes n8n to hand all of them over, in milliseconds. */
	within: number;
}

/**
 * How many items of this try come at all. One whose expressions fail never does: n8n makes an error of it
 * by itself. To be called before anything is awaited.
 * @see n8n-engine.md section 2
 */
export async function countPresent({ key, itemIndex, items, within }: Attendant): Promise<number> {
	let attendance = attendances.get(key);
	// An item that comes a second time belongs to the next try.
	if (attendance === undefined || attendance.come.has(itemIndex)) {
		attendance = open(within);
		attendances.set(key, attendance);
	}
	attendance.come.add(itemIndex);
	if (attendance.come.size >= items) attendance.complete();
	await attendance.settled;
	return attendance.come.size;
}

function open(within: number): Attendance {
	let complete: () => void = () => undefined;
	const all = new Promise<void>((resolve) => {
		complete = resolve;
	});
	return { come: new Set(), complete, settled: Promise.race([all, sleep(within)]) };
}
