import { countPresent } from '../../../../nodes/Wan27/behaviour/attendance';

describe('countPresent', () => {
	it('counts who comes in the same turn, where nobody comes later', async () => {
		const key = {};
		const counts = [0, 2].map(
			async (itemIndex) => await countPresent({ key, itemIndex, items: 3, within: 0 }),
		);
		expect(await Promise.all(counts)).toEqual([2, 2]);
	});

	it('is settled as soon as all have come, however long that might have taken', async () => {
		const key = {};
		const counts = [0, 1].map(
			async (itemIndex) => await countPresent({ key, itemIndex, items: 2, within: 2 ** 30 }),
		);
		expect(await Promise.all(counts)).toEqual([2, 2]);
	});

	it('counts anew at the next try', async () => {
		const key = {};
		const item = { key, itemIndex: 0, items: 2, within: 0 };
		expect(await countPresent(item)).toBe(1);
		const again = countPresent(item);
		expect(await countPresent({ ...item, itemIndex: 1 })).toBe(2);
		expect(await again).toBe(2);
	});
});
