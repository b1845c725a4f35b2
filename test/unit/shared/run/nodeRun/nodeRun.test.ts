import {
	allInOrder,
	nodeRuns,
	leave,
	arrive,
	type NodeRuns,
} from '../../../../../nodes/shared/run/nodeRun/nodeRun';

const never = new AbortController().signal;
const at = (itemIndex: number) => ({ itemIndex, over: never, value: `from ${itemIndex}` });

function three(joinTimeout = Infinity) {
	const all = nodeRuns<string, string>();
	const key = {};
	return (itemIndex: number) =>
		all.join(
			{ key, itemIndex, items: 3, joinTimeout: () => joinTimeout },
			() => `set by ${itemIndex}`,
		);
}

describe('a node run', () => {
	it('meets when all have come, and shows each what the others have brought', async () => {
		const join = three();
		const nodeRun = join(2);
		const first = arrive(nodeRun, 'here', at(2));
		expect(join(0)).toBe(nodeRun);
		expect(join(1)).toBe(nodeRun);
		const [second, third] = [arrive(nodeRun, 'here', at(0)), arrive(nodeRun, 'here', at(1))];
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
		if (nodeRun === undefined) throw new Error('nobody');
		const met = [arrive(nodeRun, 'here', at(1)), arrive(nodeRun, 'here', at(2))];
		leave(nodeRun, 0);
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
		const met = [arrive(nodeRun, 'here', at(0)), arrive(nodeRun, 'here', at(1))];
		expect((await Promise.all(met)).map((one) => one?.isLeader)).toEqual([true, false]);
		expect(join(2)).toBe(nodeRun);
		const late = await arrive(nodeRun, 'here', at(2));
		expect(late?.isLeader).toBe(true);
		expect(late?.all.size).toBe(3);
	});

	it('is left by all where another try begins', async () => {
		const join = three();
		const nodeRun = join(0);
		const waiting = arrive(nodeRun, 'here', at(0));
		const next = join(0);
		expect(await waiting).toBeUndefined();
		expect(next).not.toBe(nodeRun);
		expect(next.shared).toBe('set by 0');
	});

	it('is left where the execution is over', async () => {
		const over = new AbortController();
		const nodeRun = three()(0);
		const waiting = arrive(nodeRun, 'here', { itemIndex: 0, over: over.signal, value: '' });
		over.abort();
		expect(await waiting).toBeUndefined();
	});
});

describe('items that may be sent only together', () => {
	/** In: the items of one try, in the order they arrive. Out: whether each may be sent. */
	function arrive(
		all: NodeRuns<string, string>,
		key: object,
		inOrder: boolean[],
		items = inOrder.length,
	): Promise<boolean[]> {
		return Promise.all(
			inOrder.map((ok, itemIndex) => {
				const nodeRun = all.join(
					{ key, itemIndex, items, joinTimeout: () => Infinity },
					() => 'shared',
				);
				return allInOrder(nodeRun, { itemIndex, items, inOrder: ok });
			}),
		);
	}

	const all = nodeRuns<string, string>();

	it('are let through when all are in order', async () => {
		expect(await arrive(all, {}, [true, true, true])).toEqual([true, true, true]);
	});

	it('are all held back when one is not', async () => {
		expect(await arrive(all, {}, [true, false, true])).toEqual([false, false, false]);
	});

	it('are all held back when one never comes, and wait for nobody', async () => {
		expect(await arrive(all, {}, [true, true], 3)).toEqual([false, false]);
	});

	it('are apart from those of other executions', async () => {
		const both = [arrive(all, {}, [true]), arrive(all, {}, [false, true])];
		expect(await Promise.all(both)).toEqual([[true], [false, false]]);
	});

	it('start afresh at the next try', async () => {
		const key = {};
		expect(await arrive(all, key, [true, false])).toEqual([false, false]);
		expect(await arrive(all, key, [true, true])).toEqual([true, true]);
	});

	it('start afresh at the next try too where another one comes first', async () => {
		const key = {};
		expect(await arrive(all, key, [true, true], 3)).toEqual([false, false]);
		const next = [2, 0, 1].map((itemIndex) => {
			const nodeRun = all.join(
				{ key, itemIndex, items: 3, joinTimeout: () => Infinity },
				() => 'shared',
			);
			return allInOrder(nodeRun, { itemIndex, items: 3, inOrder: true });
		});
		expect(await Promise.all(next)).toEqual([true, true, true]);
	});

	it('are not joined by one that comes too late', async () => {
		const key = {};
		expect(await arrive(all, key, [true, true], 3)).toEqual([false, false]);
		const nodeRun = all.join(
			{ key, itemIndex: 2, items: 3, joinTimeout: () => Infinity },
			() => 'shared',
		);
		expect(await allInOrder(nodeRun, { itemIndex: 2, items: 3, inOrder: true })).toBe(false);
	});

	it('are held back where another try overtakes theirs', async () => {
		const key = {};
		const both = [arrive(all, key, [true], 2), arrive(all, key, [true, true])];
		expect(await Promise.all(both)).toEqual([[false], [true, true]]);
	});

	it('are held back where one has left without a word', async () => {
		const key = {};
		const [nodeRun] = [0, 1].map((itemIndex) =>
			all.join({ key, itemIndex, items: 2, joinTimeout: () => Infinity }, () => 'shared'),
		);
		if (nodeRun === undefined) throw new Error('nobody');
		const first = allInOrder(nodeRun, { itemIndex: 0, items: 2, inOrder: true });
		leave(nodeRun, 1);
		expect(await first).toBe(false);
	});
});
