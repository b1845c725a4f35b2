import { allInOrder } from '../../../../nodes/Wan27/behaviour/startGate';

function arrive(key: object, inOrder: boolean[], items = inOrder.length): Promise<boolean[]> {
	return Promise.all(
		inOrder.map((ok, itemIndex) => allInOrder({ key, itemIndex, items, inOrder: ok })),
	);
}

it('lets all through when all are in order', async () => {
	expect(await arrive({}, [true, true, true])).toEqual([true, true, true]);
});

it('lets none through when one is not', async () => {
	expect(await arrive({}, [true, false, true])).toEqual([false, false, false]);
});

it('lets none through when one never comes, and waits for nobody', async () => {
	expect(await arrive({}, [true, true], 3)).toEqual([false, false]);
});

it('keeps executions apart', async () => {
	const both = await Promise.all([arrive({}, [true]), arrive({}, [false, true])]);
	expect(both).toEqual([[true], [false, false]]);
});

it('starts afresh at the next try', async () => {
	const key = {};
	expect(await arrive(key, [true, false])).toEqual([false, false]);
	expect(await arrive(key, [true, true])).toEqual([true, true]);
});

it('sends nothing of a try that another one overtakes', async () => {
	const key = {};
	const [old, next] = await Promise.all([arrive(key, [true], 2), arrive(key, [true, true])]);
	expect([old, next]).toEqual([[false], [true, true]]);
});
