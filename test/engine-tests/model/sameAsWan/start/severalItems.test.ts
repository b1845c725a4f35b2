import '../../../../engine/asModelRun';
import '../../../start/severalItems.test';
