import { misused, numbersIn } from '../arguments';
import { attack } from '../attack';
import { fuzz, problemsOf, type FuzzReport } from './fuzz';
import { figuresOf } from './figures';
import { commandOf, type Plan } from './plan';

const SHOWN = 50;
const REQUESTS = 100_000;

/**
 * Usage: npm run attack:fuzz [-- [--requests=N] [--seed=N] [--only=INDEX]]
 *
 * Sends so many requests (100000) to Runflow Trigger and to suspended executions, made from true callbacks by the
 * seed (1). What went wrong is printed with its index; `--only` makes that one alone in the same way, with the same number
 * of requests and the same seed (for a separate run). Its figures are not kept, nor are those of fewer requests.
 */
async function main(args: string[]): Promise<void> {
	const given = numbersIn(args, { requests: 1, seed: 0, only: 0 });
	const plan = { requests: REQUESTS, seed: 1, only: undefined, ...given };
	if (plan.only !== undefined) await sendAgain({ ...plan, only: plan.only });
	else {
		const isPart = plan.requests < REQUESTS;
		const figures = async () => figuresOf((await carryOut(plan)).report, plan);
		await attack('fuzz', figures, { isPart });
	}
	// Executions that were never called back would be waited for.
	process.exit();
}

async function carryOut(plan: Plan): Promise<{ report: FuzzReport; problems: string[] }> {
	const report = await fuzz(plan, (done) => {
		if (plan.only === undefined) process.stderr.write(`${done}\n`);
	});
	const problems = problemsOf(report);
	for (const problem of problems.slice(0, SHOWN)) console.log(problem);
	if (problems.length > SHOWN) console.log(`… and ${problems.length - SHOWN} more`);
	if (problems.length > 0) console.log(`Once more: ${commandOf(plan)} --only=INDEX`);
	return { report, problems };
}

async function sendAgain(plan: Plan & { only: number }): Promise<void> {
	if (plan.only >= plan.requests) misused(`There are the requests 0 to ${plan.requests - 1}`);
	const { report, problems } = await carryOut(plan);
	const [endpoint, kind, answers] = Object.entries(report.found)
		.flatMap(([name, { answers: byKind }]) =>
			Object.entries(byKind).map(([one, how]) => [name, one, Object.keys(how).join()]),
		)
		.flat();
	const isWrong = problems.length > 0;
	console.log(`${endpoint}: ${kind}, answered ${answers}: ${isWrong ? 'WRONG' : 'in order'}`);
	if (isWrong) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
