import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';
import path from 'node:path';

import { REPOSITORY } from '../n8n/folders';
import { NOT_THERE } from './notThere';

interface TestOrBlock {
	name: string;
	parent?: TestOrBlock;
	failing?: boolean;
}

/** What jest reports of a test run, as far as it is of use here. */
interface JestEvent {
	name: string;
	test?: TestOrBlock;
}

/** The name of a test with those of the blocks around it, as jest's reports have it. */
function fullName({ name, parent }: TestOrBlock): string {
	return parent?.parent === undefined ? name : `${fullName(parent)} ${name}`;
}

/** Runs the tests that are listed as impossible on this n8n like `it.failing`: they are red if they pass. */
export default class CompatEnvironment extends NodeEnvironment {
	private readonly reasons: Record<string, string>;
	private readonly unseen: Set<string>;

	constructor(...[config, context]: ConstructorParameters<typeof NodeEnvironment>) {
		super(config, context);
		const file = path.relative(REPOSITORY, context.testPath).split(path.sep).join('/');
		this.reasons = NOT_THERE[file] ?? {};
		this.unseen = new Set(Object.keys(this.reasons));
	}

	handleTestEvent({ name, test }: JestEvent): void {
		if (name === 'test_start' && test !== undefined) {
			const known = fullName(test);
			this.unseen.delete(known);
			if (known in this.reasons) test.failing = true;
		}
		if (name === 'run_finish' && this.unseen.size > 0) {
			throw new Error(`notThere.ts names tests that there are not: ${[...this.unseen].join('; ')}`);
		}
	}
}
