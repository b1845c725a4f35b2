import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Breaks the built mapping once for each kind of field, runs the engine tests, and expects red each
 * time: `npm run broken-mappings`. It works on dist alone and leaves it as it was.
 */
interface Break {
	kind: string;
	file: string;
	find: string;
	replace: string;
}

const ROOT = resolve(__dirname, '..');
const EDIT = 'dist/nodes/Wan27/operations/proEdit.js';
const VIDEO = 'dist/nodes/Wan27/operations/imageToVideo.js';
const MODEL = 'dist/nodes/Wan27/fields/model.js';
const MEDIA = 'dist/nodes/Wan27/fields/media.js';
const RULES = 'dist/nodes/Wan27/fields/rules.js';
const VERDICT = 'dist/nodes/Wan27/fields/verdict.js';
const SHARED = 'dist/nodes/Wan27/fields/shared.js';
const EXTRAS = 'dist/nodes/Wan27/behaviour/extras.js';

const BREAKS: Break[] = [
	{ kind: 'required text', file: EDIT, find: "'input.prompt'", replace: "'input.text'" },
	{ kind: 'text', file: MODEL, find: "'input.negative_prompt'", replace: "'input.negativePrompt'" },
	{
		kind: 'list of images',
		file: MEDIA,
		find: '(images);',
		replace: '(images.reverse());',
	},
	{
		kind: 'one medium',
		file: VIDEO,
		find: "'input.end_image_url'",
		replace: "'input.image_end_url'",
	},
	{
		kind: 'whole number',
		file: RULES,
		find: '(number)',
		replace: '(String(number))',
	},
	{
		kind: 'whole number 0',
		file: VERDICT,
		find: 'value === undefined || value === null',
		replace: '!value',
	},
	{ kind: 'range', file: VIDEO, find: 'max: 15', replace: 'max: 16' },
	{ kind: 'switch', file: RULES, find: '(found);', replace: '(!found);' },
	{ kind: 'choice', file: VIDEO, find: "'input.resolution'", replace: "'resolution'" },
	{ kind: 'preset or size', file: EDIT, find: '}x$', replace: '}*$' },
	{ kind: 'callback URL', file: SHARED, find: "'callback_url'", replace: "'input.callback_url'" },
	{
		kind: 'metadata pairs',
		file: RULES,
		find: 'pairs[name] =',
		replace: 'pairs[name.toUpperCase()] =',
	},
	{ kind: 'client reference', file: SHARED, find: "'client_ref'", replace: "'clientRef'" },
	{
		kind: 'additional input',
		file: EXTRAS,
		find: '{ ...under, ...over }',
		replace: '{ ...over, ...under }',
	},
	{ kind: 'endpoint', file: EDIT, find: 'v2.7/pro/edit', replace: 'v2.7/edit' },
];

const SUITES = ['proEdit', 'imageToVideo', 'refusals'].map(
	(name) => `test/nodes/Wan27/${name}.test.ts`,
);

function isGreen(): boolean {
	return spawnSync('npx', ['jest', '--silent', ...SUITES], { cwd: ROOT }).status === 0;
}

if (!isGreen()) throw new Error('The suites are red before anything is broken');
let unnoticed = 0;
for (const { kind, file, find, replace } of BREAKS) {
	const target = join(ROOT, file);
	const original = readFileSync(target, 'utf8');
	if (!original.includes(find)) throw new Error(`${file} holds no ${find}`);
	try {
		writeFileSync(target, original.replace(find, replace));
		const red = !isGreen();
		if (!red) unnoticed += 1;
		console.log(`${red ? 'red  ' : 'GREEN'}  ${kind}: ${find} → ${replace}`);
	} finally {
		writeFileSync(target, original);
	}
}
console.log(`${BREAKS.length - unnoticed} of ${BREAKS.length} broken mappings made a test red`);
process.exitCode = unnoticed === 0 ? 0 : 1;
