const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join, relative } = require('node:path').posix;
const { build } = require('esbuild');
const { dest, parallel, src } = require('gulp');

const { n8n, repository } = require('./package.json');

/** Where the pages of this repository are read. */
const PAGES = `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/`;

/** All code of the package: Node takes longer to find and open a file than to run it. */
const BUNDLE = 'dist/index.js';

/** What n8n loads: the class that it looks for in each file has the name of the file. */
const LOADED = [...n8n.nodes, ...n8n.credentials].map((file) => ({
	file,
	type: basename(file).split('.')[0],
	source: `./${relative('dist', file).replace(/\.js$/, '')}`,
}));

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

async function bundle() {
	const contents = LOADED.map(({ type, source }) => `export { ${type} } from '${source}';`);
	await build({
		stdin: { contents: contents.join('\n'), resolveDir: __dirname, sourcefile: 'package.json' },
		outfile: BUNDLE,
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'node20',
		external: ['n8n-workflow'],
		// The sources are modules, which are strict without saying so; what is made of them is not.
		banner: { js: "'use strict';" },
		// Texts as the sources have them.
		charset: 'utf8',
		legalComments: 'none',
		logLevel: 'warning',
	});
}

/** n8n asks for each class by a file of its own. */
async function writeEntryFiles() {
	for (const { file, type } of LOADED) {
		const from = relative(dirname(file), BUNDLE);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, `exports.${type} = require('${from}').${type};\n`);
	}
}

/** Light and dark. */
function copyIcons() {
	return src('icons/*.svg', { base: '.', encoding: false }).pipe(dest('dist'));
}

/** The codex JSON of each node, in which pages of this repository are named by their files. */
async function writeCodex() {
	for (const file of n8n.nodes) {
		const codex = file.replace(/\.js$/, '.json');
		const { resources, ...others } = JSON.parse(await readFile(relative('dist', codex), 'utf8'));
		const primaryDocumentation = resources.primaryDocumentation.map(({ url }) => ({
			url: url.startsWith('https:') ? url : PAGES + url,
		}));
		await mkdir(dirname(codex), { recursive: true });
		const text = JSON.stringify({ ...others, resources: { ...resources, primaryDocumentation } });
		await writeFile(codex, text);
	}
}

exports.clean = clean;
exports.build = parallel(bundle, writeEntryFiles, copyIcons, writeCodex);
