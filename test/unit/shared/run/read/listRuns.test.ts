import { firstWindow, nextWindow } from '../../../../../nodes/shared/run/read/listRuns';

it('reads some more runs than were started', () => {
	expect([4, 100].map(firstWindow)).toEqual([54, 150]);
});

it('reads twice as many next, up to a limit', () => {
	const spans: number[] = [];
	for (let span = nextWindow(54); span !== undefined; span = nextWindow(span)) spans.push(span);
	expect(spans).toEqual([108, 216, 432, 864, 1728, 2000]);
});
