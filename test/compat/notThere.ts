const ENDED_EXECUTIONS = {
	'while it waits in an execution that n8n has ended asks no more because n8n could not read another item':
		'n8n does not report that the execution is over (onExecutionFinish). It reports only Stop.',
	'while it waits in an execution that n8n has ended asks no more where the end comes before the start is answered':
		'The same.',
};

const LOST_EXECUTIONS = {
	'after Stop a retried execution says that a lost one may have started the run':
		'n8n has no token by which a lost execution could be found.',
	'after Stop a retried execution says so for an item of a later batch too': 'The same.',
};

/** n8n 1 does not know this setting of a workflow. */
const NO_COMBINED_MODE = 'Binary data are never combined with the JSON of an item.';
/** The answer is 5xx too, so nothing is lost. */
const ENDED_BY_N8N = 'n8n itself answers 500 where an expression of a webhook finds nothing.';

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
		'an item that fails before does not lose the run of another item that n8n cannot read at the next try':
			'The same.',
	},
	'test/engine-tests/start/stopped.test.ts': LOST_EXECUTIONS,
	'test/engine-tests/model/sameAsWan/start/stopped.test.ts': LOST_EXECUTIONS,
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
	'test/engine-tests/trigger/filters.test.ts': {
		'has Runflow try again where Events cannot be read: {"events":"={{ $json.nothing }}"} {}':
			ENDED_BY_N8N,
		'has Runflow try again where Events cannot be read: {"events":["run.completed","={{ $json.nothing }}"]} {}':
			ENDED_BY_N8N,
		'has Runflow try again where Metadata Filter cannot be read: {} {"metadata":{"entry":[{"name":"={{ $json.nothing }}","value":""}]}}':
			ENDED_BY_N8N,
		'has Runflow try again where Metadata Filter cannot be read: {} {"metadata":{"entry":[{"name":"order","value":"={{ $json.nothing }}"}]}}':
			ENDED_BY_N8N,
		'has Runflow try again where Statuses cannot be read: {} {"statuses":"={{ $json.nothing }}"}':
			ENDED_BY_N8N,
		'has Runflow try again where Statuses cannot be read: {} {"statuses":["={{ $json.nothing }}"]}':
			ENDED_BY_N8N,
	},
	'test/engine-tests/upload/binarySources.test.ts': {
		'binary data kept as n8n’s mode filesystem in the binary mode combined refuses two files where one is meant':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes a list of files in a list':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes all files in a list':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes all names in a list':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes its path':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes the file itself':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes the file itself where URL is chosen':
			NO_COMBINED_MODE,
		'binary data kept as n8n’s mode filesystem in the binary mode combined takes the file of an earlier node':
			NO_COMBINED_MODE,
	},
};
