import '../../../../engine/asModelRun';
import '../../../start/idempotency.test';
