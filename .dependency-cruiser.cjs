/**
 * The order of the folders: a folder may import those below it, never one above. So no two folders import each other.
 * A list within the list stands on one level: its folders do not import each other.
 */
const ORDER = [
	// What n8n loads. The nodes know nothing of each other.
	['nodes/Wan27', 'nodes/Runflow', 'nodes/RunflowTrigger'],
	// The parts of a node.
	[
		'nodes/Wan27/operations',
		'nodes/Runflow/resources',
		'nodes/RunflowTrigger/deduplication',
		'credentials',
	],
	// A file for each operation of a resource.
	[
		'nodes/Runflow/resources/account',
		'nodes/Runflow/resources/asset',
		'nodes/Runflow/resources/model',
		'nodes/Runflow/resources/run',
	],
	// executeItem.ts takes an item through all stages.
	'nodes/shared/run',
	// While suspended, it does by callbacks what `wait` and `output` do in one go, with their means.
	'nodes/shared/run/suspend/resume',
	'nodes/shared/run/suspend',
	// The other stages. What one finds reaches the next through executeItem.ts.
	['nodes/shared/run/output', 'nodes/shared/run/wait', 'nodes/shared/run/start'],
	// Files become assets before a start is sent.
	'nodes/shared/run/start/upload',
	// Reading runs, and the errors of items: every stage needs both.
	'nodes/shared/run/read',
	// What the items of one run of the node share, their settings among it: every stage follows them.
	'nodes/shared/run/nodeRun',
	// Parameters name the rules for their values.
	'nodes/shared/properties/media',
	'nodes/shared/properties',
	'nodes/shared/validation/media',
	'nodes/shared/validation',
	// Callbacks are about runs, which `api` knows how to read.
	'nodes/shared/webhook',
	// Names and types of files, and how they are uploaded and served.
	'nodes/shared/api/files',
	// Whether a credential works.
	'nodes/shared/credential',
	// What the models are, and what to say of an error.
	['nodes/shared/api/catalogue', 'nodes/shared/api/errorTexts'],
	'nodes/shared/api',
	'nodes/shared/api/result',
	// Below here nothing knows Runflow.
	'nodes/shared/n8n',
	'nodes/shared/async',
	'nodes/shared/values',
].map((level) => [level].flat());

/** A pattern for the files of folders, without those of the folders in them. */
const filesOf = (folders) => `^(?:${folders.join('|')})/[^/]+$`;

const upwards = ORDER.flatMap((level, index) =>
	level.map((folder) => ({
		name: `below-${folder}`,
		severity: 'error',
		comment: `${folder} imports only what stands below it in ORDER`,
		from: { path: filesOf([folder]) },
		to: { path: filesOf(ORDER.slice(0, index + 1).flat()), pathNot: filesOf([folder]) },
	})),
);

module.exports = {
	forbidden: [
		{
			name: 'no-circle',
			severity: 'error',
			comment:
				'Of two files that import each other, types included, neither can be read or changed alone',
			from: {},
			to: { circular: true },
		},
		...upwards,
		{
			name: 'in-order',
			severity: 'error',
			comment: 'Every folder has its place in ORDER',
			from: { path: '^(?:nodes|credentials)/', pathNot: filesOf(ORDER.flat()) },
			to: {},
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsConfig: { fileName: 'tsconfig.json' },
		// Types too, which the compiled code no longer imports.
		tsPreCompilationDeps: true,
	},
};
