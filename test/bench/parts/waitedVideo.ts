import type { Measured } from '../part';
import { waitedFor } from '../waitedFor';

/** 100 videos waited for: a round takes about four minutes. */
export async function measure(rounds = 3): Promise<Measured> {
	return await waitedFor('video', rounds);
}
