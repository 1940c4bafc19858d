import { rule } from "../../../policies/rules/docker-container-configure-stop-grace";
import { UNKNOWN, container, describeContainerRule, job } from "../support";

const message = (found: string, least = 60) => [
  `container "ultrathink-timescaledb": it mounts a volume and destroyGraceSeconds is ${found}, at least ${least} is required. Set destroyGraceSeconds to ${least} or more.`,
];

describeContainerRule(rule, {
  reports: {
    "a volume and no time to stop": [container({ destroyGraceSeconds: undefined }), message("not set")],
    "one second too little": [container({ destroyGraceSeconds: 59 }), message("59")],
    "too little with a volume by the other way to mount": [
      container({ destroyGraceSeconds: 10, volumes: [], mounts: [{ type: "volume", source: "data", target: "/data" }] }),
      message("10"),
    ],
    "too little with a volume whose name is not known yet": [
      container({ destroyGraceSeconds: 10, volumes: [{ volumeName: UNKNOWN, containerPath: "/data" }] }),
      message("10"),
    ],
    "less than the profile wants": [container(), message("120", 180), { minSeconds: 180 }],
    "less where nothing is kept": [
      container({ destroyGraceSeconds: 1, volumes: [] }),
      ['container "ultrathink-timescaledb": destroyGraceSeconds is 1, at least 10 is required. Set destroyGraceSeconds to 10 or more.'],
    ],
    "less from Docker itself": [
      container({ stopTimeout: 10 }),
      ['container "ultrathink-timescaledb": stopTimeout is 10, 120, the same as destroyGraceSeconds, is required. Set stopTimeout to 120.'],
    ],
  },
  accepts: {
    "exactly 60 s": container({ destroyGraceSeconds: 60, stopTimeout: 60 }),
    "ten seconds where nothing is kept": container({
      destroyGraceSeconds: 10,
      stopTimeout: 10,
      volumes: [{ hostPath: "/proc", containerPath: "/host/proc", readOnly: true }],
    }),
    "a tmpfs mount": container({ destroyGraceSeconds: 10, stopTimeout: 10, volumes: [], mounts: [{ type: "tmpfs", target: "/tmp" }] }),
    "a job, which ends by itself": job({ destroyGraceSeconds: undefined, stopTimeout: undefined }),
  },
  leavesOpen: { "a time that is not known yet": container({ destroyGraceSeconds: UNKNOWN as unknown as number }) },
});
