import type { Scenario } from "../experiment";
import { artifactsLost } from "./artifacts-lost";
import { bucketUnreachable } from "./bucket-unreachable";
import { kafkaBrokerDiskLost } from "./kafka-broker-disk-lost";
import { newestBackupDamaged } from "./newest-backup-damaged";
import { pointInTime } from "./point-in-time";
import { redisLost } from "./redis-lost";
import { stateLost } from "./state-lost";
import { timescaledbVolumeLost } from "./timescaledb-volume-lost";
import { totalLoss } from "./total-loss";
import { uploadCut } from "./upload-cut";

/** Every scenario, in the order in which `all` runs them: first what loses least, last what loses everything. */
export const scenarios: Scenario[] = [
  redisLost,
  artifactsLost,
  newestBackupDamaged,
  bucketUnreachable,
  uploadCut,
  kafkaBrokerDiskLost,
  pointInTime,
  timescaledbVolumeLost,
  stateLost,
  totalLoss,
];

/** What `gameday` runs when nothing is named. */
export const STANDARD = totalLoss.name;
