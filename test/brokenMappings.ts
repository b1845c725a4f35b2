import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Breaks the built mapping once for each kind of field, runs the engine tests, and expects red each
 * time: `npm run broken-mappings`. It works on dist alone and leaves it as it was.
 */
interface Break {
	kind: string;
	/** A text that the package holds once: what is around it belongs to it where the place alone does not tell. */
	find: string;
	replace: string;
}

const ROOT = resolve(__dirname, '..');
const BUNDLE = join(ROOT, 'dist/index.js');

const BREAKS: Break[] = [
	{
		kind: 'required text',
		find: 'sent("input.prompt", requiredText(',
		replace: 'sent("input.text", requiredText(',
	},
	{ kind: 'text', find: '"input.negative_prompt"', replace: '"input.negativePrompt"' },
	{ kind: 'list of images', find: 'accept(images)', replace: 'accept(images.reverse())' },
	{ kind: 'one medium', find: '"input.end_image_url"', replace: '"input.image_end_url"' },
	{
		kind: 'whole number',
		find: 'number <= max ? accept(number)',
		replace: 'number <= max ? accept(String(number))',
	},
	{
		kind: 'whole number 0',
		find: 'value == null || typeof value == "string"',
		replace: '!value || typeof value == "string"',
	},
	{
		kind: 'range',
		find: 'DURATION = { min: 2, max: 15 }',
		replace: 'DURATION = { min: 2, max: 16 }',
	},
	{
		kind: 'switch',
		find: 'typeof value == "boolean" ? value :',
		replace: 'typeof value == "boolean" ? !value :',
	},
	{ kind: 'choice', find: '"input.resolution"', replace: '"resolution"' },
	{ kind: 'preset or size', find: '}x$', replace: '}*$' },
	{
		kind: 'callback URL',
		find: 'sent("callback_url"',
		replace: 'sent("input.callback_url"',
	},
	{
		kind: 'metadata pairs',
		find: 'pairs.set(name,',
		replace: 'pairs.set(name.toUpperCase(),',
	},
	{ kind: 'client reference', find: '"client_ref"', replace: '"clientRef"' },
	{
		kind: 'additional input',
		find: '{ ...under, ...over }',
		replace: '{ ...over, ...under }',
	},
	{ kind: 'endpoint', find: 'v2.7/pro/edit', replace: 'v2.7/edit' },
];

const SUITES = ['proEdit', 'imageToVideo', 'refusals'].map(
	(name) => `test/nodes/Wan27/${name}.test.ts`,
);

function isGreen(): boolean {
	return spawnSync('npx', ['jest', '--silent', ...SUITES], { cwd: ROOT }).status === 0;
}

const whole = readFileSync(BUNDLE, 'utf8');
for (const { kind, find } of BREAKS) {
	const times = whole.split(find).length - 1;
	if (times !== 1) throw new Error(`${kind}: ${BUNDLE} holds ${find} ${times} times, not once`);
}
if (!isGreen()) throw new Error('The suites are red before anything is broken');
let unnoticed = 0;
try {
	for (const { kind, find, replace } of BREAKS) {
		// As a function: in a text, replace() reads a dollar as a pattern.
		writeFileSync(
			BUNDLE,
			whole.replace(find, () => replace),
		);
		const red = !isGreen();
		if (!red) unnoticed += 1;
		console.log(`${red ? 'red  ' : 'GREEN'}  ${kind}: ${find} → ${replace}`);
	}
} finally {
	writeFileSync(BUNDLE, whole);
}
console.log(`${BREAKS.length - unnoticed} of ${BREAKS.length} broken mappings made a test red`);
process.exitCode = unnoticed === 0 ? 0 : 1;
