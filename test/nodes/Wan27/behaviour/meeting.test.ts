import { meetingPlace } from '../../../../nodes/Wan27/behaviour/meeting';

const never = new AbortController().signal;

describe('a meeting', () => {
	it('begins when all who come are there, and shows each what the others have brought', async () => {
		const meet = meetingPlace<string>();
		const key = {};
		const first = meet({ key, itemIndex: 2, present: 2, over: never }, 'c');
		const second = meet({ key, itemIndex: 0, present: 2, over: never }, 'a');
		const all = new Map([
			[2, 'c'],
			[0, 'a'],
		]);
		expect(await first).toEqual(all);
		expect(await second).toEqual(all);
	});

	it('is another one at the next try, and for another execution', async () => {
		const meet = meetingPlace<string>();
		const key = {};
		const alone = { itemIndex: 0, present: 1, over: never };
		expect(await meet({ key, ...alone }, 'first')).toEqual(new Map([[0, 'first']]));
		expect(await meet({ key, ...alone }, 'second')).toEqual(new Map([[0, 'second']]));
		expect(await meet({ key: {}, ...alone }, 'other')).toEqual(new Map([[0, 'other']]));
	});

	it('is left where the execution is over', async () => {
		const meet = meetingPlace<string>();
		const over = new AbortController();
		const waiting = meet({ key: {}, itemIndex: 0, present: 2, over: over.signal }, 'a');
		over.abort();
		expect(await waiting).toBeUndefined();
		const late = { key: {}, itemIndex: 0, present: 2, over: over.signal };
		expect(await meet(late, 'a')).toBeUndefined();
	});
});
