const Sequencer = require('@jest/test-sequencer').default;

/** The files that wait longest, each for more than 15 s: if one of them began last, all would wait for it. */
const LONGEST = [
	'attack/fault-injection/faultInjection',
	'nodes/Wan27/onCallback/slowApi',
	'nodes/Wan27/together',
	'nodes/Wan27/hostileOutputs',
	'nodes/Wan27/onCallback/severalItems',
	'nodes/Wan27/neverPayTwice/lostStartRetried',
	'nodes/Wan27/neverPayTwice/retryOnFail',
	'nodes/Wan27/binaryInput',
	'nodes/Wan27/downloadOutputs',
	'nodes/Wan27/onCallback/result',
	'nodes/Wan27/onCallback/failedRuns',
	'nodes/RunflowTrigger/once',
	'n8n/editor',
	'n8n/completion',
	'n8n/examples',
	'n8n/trigger',
];

/** Jest knows how long a file takes only where it has run before, which it has not on a clean clone. */
module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const place = ({ path }) => {
			const index = LONGEST.findIndex((name) => path.endsWith(`test/${name}.test.ts`));
			return index === -1 ? LONGEST.length : index;
		};
		return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
	}
};
