import '../../../../engine/asModelRun';
import '../../../start/lostStart.test';
