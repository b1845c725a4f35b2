import type { Manifest } from './manifest';

/** How large the tarball may be, in bytes. */
export const MAX_TARBALL_BYTES = 60_000;

/** What users need of the package: the built nodes and credentials, codex files, icons, and four files at the top. */
const EXPECTED =
	/^(package\.json|index\.js|README\.md|LICENSE|dist\/(nodes|credentials)\/[\w/.]+\.js|dist\/nodes\/\w+\/\w+\.node\.json|dist\/icons\/[\w.]+\.svg)$/;

const AT_THE_TOP = ['package.json', 'index.js', 'README.md', 'LICENSE'];
const ICONS = ['wan27', 'runflow'].flatMap((icon) => [`${icon}.svg`, `${icon}.dark.svg`]);

/** What `npm pack --json` says of a tarball. */
export interface Packed {
	filename: string;
	/** In bytes. */
	size: number;
	files: { path: string }[];
}

/**
 * In: the output of `npm pack --json` (a list, or since npm 12 a map by name). Out: the one tarball that it tells of.
 */
export function readPacked(output: string): Packed {
	const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>;
	const [packed, ...more] = Object.values(parsed);
	if (packed === undefined || more.length > 0) throw new Error('npm pack made not one tarball.');
	return packed;
}

/**
 * In: a tarball and the package.json that it was made by. Out: what is wrong with its size and its files, a sentence each.
 */
export function contentProblems({ size, files }: Packed, manifest: Manifest): string[] {
	const paths = files.map(({ path }) => path);
	const { nodes, credentials } = manifest.n8n;
	const needed = [
		...AT_THE_TOP,
		...nodes,
		...nodes.map((node) => node.replace(/\.js$/, '.json')),
		...credentials,
		...ICONS.map((icon) => `dist/icons/${icon}`),
	];
	return [
		...(size > MAX_TARBALL_BYTES
			? [`The tarball has ${size} bytes, which is over ${MAX_TARBALL_BYTES}.`]
			: []),
		...paths
			.filter((path) => !EXPECTED.test(path))
			.map((path) => `${path} has no place in the tarball.`),
		...needed
			.filter((path) => !paths.includes(path))
			.map((path) => `${path} is missing in the tarball.`),
	];
}
