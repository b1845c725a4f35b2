import {
	NodeRuns,
	type NodeRun,
	type WhenIncomplete,
} from '../../../../../nodes/shared/run/nodeRun/nodeRun';

interface Phases {
	here: string;
	validated: boolean;
}

/** In: the index of an item. Out: its node run, and what it gets when all are here. */
function arrive(nodeRun: NodeRun<string, Phases>, itemIndex: number, over?: AbortSignal) {
	return nodeRun.arrive('here', itemIndex, `from ${itemIndex}`, over);
}

function three(joinTimeout = Infinity) {
	const all = new NodeRuns<string, Phases>();
	const key = {};
	return (itemIndex: number) =>
		all.join({ key, itemIndex, items: 3 }, () => ({
			shared: `set by ${itemIndex}`,
			whenIncomplete: { joinTimeout },
		}));
}

describe('a node run', () => {
	it('meets when all have come, and shows each what the others have brought', async () => {
		const join = three();
		const nodeRun = join(2);
		const first = arrive(nodeRun, 2);
		expect(join(0)).toBe(nodeRun);
		expect(join(1)).toBe(nodeRun);
		const [second, third] = [arrive(nodeRun, 0), arrive(nodeRun, 1)];
		const all = new Map([
			[2, 'from 2'],
			[0, 'from 0'],
			[1, 'from 1'],
		]);
		expect(await first).toEqual({ all, isLeader: false });
		expect(await second).toEqual({ all, isLeader: true });
		expect(await third).toEqual({ all, isLeader: false });
		expect(nodeRun.shared).toBe('set by 2');
	});

	it('meets without one that has left', async () => {
		const join = three();
		const nodeRun = [0, 1, 2].map(join)[0];
		if (nodeRun === undefined) throw new Error('not joined');
		const met = [arrive(nodeRun, 1), arrive(nodeRun, 2)];
		nodeRun.leave(0);
		const all = new Map([
			[1, 'from 1'],
			[2, 'from 2'],
		]);
		expect(await Promise.all(met)).toEqual([
			{ all, isLeader: true },
			{ all, isLeader: false },
		]);
	});

	it('does not wait for one that does not come in time, and lets it act if it comes after all', async () => {
		const join = three(0);
		const nodeRun = join(0);
		join(1);
		const met = [arrive(nodeRun, 0), arrive(nodeRun, 1)];
		expect((await Promise.all(met)).map((one) => one?.isLeader)).toEqual([true, false]);
		expect(join(2)).toBe(nodeRun);
		const late = await arrive(nodeRun, 2);
		expect(late?.isLeader).toBe(true);
		expect(late?.all.size).toBe(3);
	});

	it('is left by all where another try begins', async () => {
		const join = three();
		const nodeRun = join(0);
		const waiting = arrive(nodeRun, 0);
		const next = join(0);
		expect(await waiting).toBeUndefined();
		expect(next).not.toBe(nodeRun);
		expect(next.shared).toBe('set by 0');
	});

	it('is left where the execution is over', async () => {
		const over = new AbortController();
		const nodeRun = three()(0);
		const waiting = arrive(nodeRun, 0, over.signal);
		over.abort();
		expect(await waiting).toBeUndefined();
	});
});

describe('items that may be sent only together', () => {
	const all = new NodeRuns<string, Phases>();
	const whenIncomplete: WhenIncomplete = 'cancel';

	function join(key: object, itemIndex: number, items: number): NodeRun<string, Phases> {
		return all.join({ key, itemIndex, items }, () => ({ shared: 'shared', whenIncomplete }));
	}

	async function maySend(
		nodeRun: NodeRun<string, Phases>,
		itemIndex: number,
		isValid: boolean,
	): Promise<boolean> {
		const arrival = await nodeRun.arrive('validated', itemIndex, isValid);
		if (arrival === undefined) return false;
		return arrival.all.size === nodeRun.items && ![...arrival.all.values()].includes(false);
	}

	/** In: the items of one try, in the order they arrive. Out: whether each may be sent. */
	function send(key: object, inOrder: boolean[], items = inOrder.length): Promise<boolean[]> {
		return Promise.all(
			inOrder.map((ok, itemIndex) => maySend(join(key, itemIndex, items), itemIndex, ok)),
		);
	}

	it('are let through when all are in order', async () => {
		expect(await send({}, [true, true, true])).toEqual([true, true, true]);
	});

	it('are all held back when one is not', async () => {
		expect(await send({}, [true, false, true])).toEqual([false, false, false]);
	});

	it('are all held back when one never comes, and do not wait', async () => {
		expect(await send({}, [true, true], 3)).toEqual([false, false]);
	});

	it('are apart from those of other executions', async () => {
		const both = [send({}, [true]), send({}, [false, true])];
		expect(await Promise.all(both)).toEqual([[true], [false, false]]);
	});

	it('start again at the next try', async () => {
		const key = {};
		expect(await send(key, [true, false])).toEqual([false, false]);
		expect(await send(key, [true, true])).toEqual([true, true]);
	});

	it('start again at the next try when another item comes first', async () => {
		const key = {};
		expect(await send(key, [true, true], 3)).toEqual([false, false]);
		const next = [2, 0, 1].map((itemIndex) => {
			return maySend(join(key, itemIndex, 3), itemIndex, true);
		});
		expect(await Promise.all(next)).toEqual([true, true, true]);
	});

	it('are not joined by one that comes too late', async () => {
		const key = {};
		expect(await send(key, [true, true], 3)).toEqual([false, false]);
		expect(await maySend(join(key, 2, 3), 2, true)).toBe(false);
	});

	it('are held back where another try overtakes theirs', async () => {
		const key = {};
		const both = [send(key, [true], 2), send(key, [true, true])];
		expect(await Promise.all(both)).toEqual([[false], [true, true]]);
	});

	it('are held back when one has left without notice', async () => {
		const key = {};
		const [nodeRun] = [0, 1].map((itemIndex) => join(key, itemIndex, 2));
		if (nodeRun === undefined) throw new Error('not joined');
		const first = maySend(nodeRun, 0, true);
		nodeRun.leave(1);
		expect(await first).toBe(false);
	});
});
