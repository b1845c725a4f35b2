const { rm } = require('node:fs/promises');
const { dest, series, src } = require('gulp');

/** What tsc does not carry over to dist: icons (light and dark) and the codex JSON of each node. */
const ASSETS = ['icons/*.svg', 'nodes/**/*.json'];

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

function assets() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.clean = clean;
exports.assets = assets;
exports.default = series(clean, assets);
