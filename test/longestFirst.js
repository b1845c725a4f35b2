const Sequencer = require('@jest/test-sequencer').default;

/** The files that wait longest, each for more than 15 s: if one of them began last, all would wait for it. */
const LONGEST = [
	'attack/fault-injection/faultInjection',
	'engine-tests/suspend/slowApi',
	'engine-tests/wait/together',
	'engine-tests/download/hostileOutputs',
	'engine-tests/suspend/severalItems',
	'engine-tests/start/lostStartRetried',
	'engine-tests/start/retryOnFail',
	'engine-tests/start/lostStartLookups',
	'engine-tests/upload/binaryInput',
	'engine-tests/download/downloadOutputs',
	'engine-tests/suspend/result',
	'engine-tests/suspend/failedRuns',
	'engine-tests/suspend/lostCallbacks',
	'engine-tests/suspend/unclear',
	'engine-tests/suspend/notSuspended',
	'engine-tests/trigger/once',
	'engine-tests/runflow/getRun',
	'engine-tests/validation/everyForm',
	'engine-tests/trigger/everyForm',
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
