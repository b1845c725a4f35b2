const { default: N8nEnvironment } = require('../../engine/jestEnvironment');

const isChanged = () => process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;

/**
 * The environment of all tests: Node loads n8n once for each process, and the built package for each file. It also
 * - shows Stryker's data to the built package too;
 * - leaves out the rest of a file behind the first test that finds a change;
 * - reports which file runs code outside of tests, while it is loaded or in beforeAll. Stryker counts that for all
 *   files together.
 */
class MutationEnvironment extends N8nEnvironment {
	constructor(config, context) {
		super(config, context);
		this.file = context.testPath;
	}

	async setup() {
		await super.setup();
		// What Stryker's code and the code under test both see. Stryker puts it there behind the constructor.
		this.shared = this.global.__stryker__;
		if (this.shared === undefined) return;
		globalThis.__stryker__ = this.shared;
		this.coverage = this.shared.mutantCoverage ??= { static: {}, perTest: {} };
		this.others = this.coverage.static;
		this.coverage.static = {};
	}

	async teardown() {
		if (this.shared !== undefined) {
			const own = this.coverage.static;
			(this.shared.loadedBy ??= {})[this.file] = Object.keys(own);
			for (const [id, times] of Object.entries(own)) {
				this.others[id] = (this.others[id] ?? 0) + times;
			}
			this.coverage.static = this.others;
		}
		await super.teardown();
	}

	handleTestEvent(event) {
		if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.hasFailed = true;
		if (event.name === 'test_start' && this.hasFailed && isChanged()) {
			event.test.mode = 'skip';
		}
	}
}

module.exports = MutationEnvironment;
