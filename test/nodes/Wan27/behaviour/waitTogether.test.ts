import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { VIDEO_PACE } from '../../../../nodes/Wan27/behaviour/pace';
import { getUp, groupOf, sitDown } from '../../../../nodes/Wan27/behaviour/waitTogether';

/** So few that nobody looks at the list for them, which would need n8n. */
const nobody = {} as IExecutePaginationFunctions;

function seated(count: number) {
	const group = groupOf({});
	const wait = { items: count, pace: VIDEO_PACE, started: {} };
	const seats = Array.from({ length: count }, (_, index) =>
		sitDown(nobody, group, { ...wait, runId: `run ${index}` }),
	);
	return { group, seats };
}

it('counts those who ask by themselves, while they wait', () => {
	const { group, seats } = seated(3);
	expect(group.unlisted).toBe(3);
	for (const [index, seat] of seats.entries()) {
		getUp(group, seat);
		expect([group.unlisted, group.seats.size]).toEqual([2 - index, 2 - index]);
	}
});

it('counts nobody twice who gets up twice', () => {
	const { group, seats } = seated(2);
	for (const seat of [seats[0], seats[0]]) if (seat) getUp(group, seat);
	expect(group.unlisted).toBe(1);
});

it('has one group for those who wait side by side, and no other', () => {
	const key = {};
	expect(groupOf(key)).toBe(groupOf(key));
	expect(groupOf(key)).not.toBe(groupOf({}));
});
