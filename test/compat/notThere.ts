const ENDED_EXECUTIONS = {
	'while it waits in an execution that n8n has ended asks no more because n8n could not read another item':
		'n8n does not report that the execution is over (onExecutionFinish). It reports only Stop.',
	'while it waits in an execution that n8n has ended asks no more where the end comes before the start is answered':
		'The same.',
};

/**
 * What the oldest n8n lacks: by test file, the full names of the tests that must fail on it, each with the reason.
 * A test that is listed here and passes is red, and so is a name that no test has: see environment.ts.
 */
export const NOT_THERE: Record<string, Record<string, string>> = {
	'test/engine-tests/suspend/entry.test.ts': {
		'what leaves it suspended the address without its signature':
			'The address of a suspended execution bears no signature, and n8n asks for none.',
	},
	'test/engine-tests/suspend/refusedItems.test.ts': {
		'an item that fails before is not lost where n8n itself could not read it':
			'A parameter that n8n cannot read fails the whole node at once, for any On Error setting.',
	},
	'test/engine-tests/wait/waiting.test.ts': ENDED_EXECUTIONS,
	'test/engine-tests/model/sameAsWan/wait/waiting.test.ts': ENDED_EXECUTIONS,
	'test/engine-tests/validation/refusals.test.ts': {
		'before anything is sent lets n8n name a prompt that is not filled in':
			'n8n refuses the workflow as one that has issues, and does not say which.',
	},
	'test/engine-tests/download/hostileOutputs.test.ts': {
		'a storage that sends on from https to http is not followed':
			'Behind a proxy n8n checks certificates for any setting of the node, and that of the test is its own.',
	},
	'test/n8n/app.test.ts': {
		'the package in n8n says what to do about a wrong API key':
			'n8n shows its own words for a 401: it does not reach the rules of the credential test.',
	},
};
