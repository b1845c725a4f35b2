const { readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, parallel, src } = require('gulp');

/** What tsc does not carry over to dist: icons (light and dark) and the codex JSON of each node. */
const ASSETS = ['icons/*.svg', 'nodes/**/*.json'];

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

function copy() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

/** tsc writes four spaces for every tab of the source and knows no other way: the package gets its tabs back. */
async function indent() {
	const files = (await readdir('dist', { recursive: true })).filter((file) => file.endsWith('.js'));
	const tabs = (spaces) => '\t'.repeat(spaces.length / 4);
	for (const file of files.map((name) => join('dist', name))) {
		const code = await readFile(file, 'utf8');
		await writeFile(file, code.replace(/^(?: {4})+/gm, tabs));
	}
}

exports.clean = clean;
exports.assets = parallel(copy, indent);
