import { ladder, type AlertCase, type Fired } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];

export const resources: AlertCase[] = [
  ...ladder("DiskSpaceLow", {
    // Ten blocks are kept for root: df counts them neither as used nor as available.
    series: used => {
      const labels = '{system="ultrathink",service="node-exporter",device="/dev/sda1",mountpoint="/",fstype="ext4"}';
      return {
        [`node_filesystem_size_bytes${labels}`]: "110x60",
        [`node_filesystem_free_bytes${labels}`]: `${110 - used}x60`,
        [`node_filesystem_avail_bytes${labels}`]: `${100 - used}x60`,
      };
    },
    labels: { service: "node-exporter", device: "/dev/sda1" },
    steps: [
      [20, []],
      [79, []],
      [80, ["warning"]],
      [81, ["warning"]],
      [89, ["warning"]],
      [90, both],
      [91, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 81,
      severity: "warning",
      summary: "Disk /dev/sda1 is 81% full",
      description: "The file system on /dev/sda1 has 81% of its space in use. Fires at >= 80%.",
    },
  }),
  ...ladder("DiskFullSoon", {
    // A byte a second, with so many hours left at the 75th minute.
    series: hours => ({
      'node_filesystem_avail_bytes{system="ultrathink",service="node-exporter",device="/dev/sda1",mountpoint="/",fstype="ext4"}': `${75 * 60 + hours * 3600}-60x90`,
    }),
    labels: { service: "node-exporter", device: "/dev/sda1" },
    at: "75m",
    steps: [
      [5, []],
      [4, []],
      [3, ["warning"]],
    ],
    waits: [
      ["10m", []],
      ["80m", ["warning"]],
    ],
    text: {
      step: 3,
      severity: "warning",
      summary: "Disk /dev/sda1 is full in 3 hours",
      description: "By the trend of the last hour the file system on /dev/sda1 has no space left in 3 hours. Fires at < 4.",
    },
  }),
  {
    alert: "DiskFullSoon",
    says: "space is freed",
    series: {
      'node_filesystem_avail_bytes{system="ultrathink",service="node-exporter",device="/dev/sda1",mountpoint="/",fstype="ext4"}': "1000+60x90",
    },
    at: "75m",
    fires: [],
  },
  ...ladder("MemoryHigh", {
    series: used => ({
      'container_memory_rss{system="ultrathink",service="mlflow",name="ultrathink-mlflow"}': `${used}x60`,
      'container_spec_memory_limit_bytes{system="ultrathink",service="mlflow",name="ultrathink-mlflow"}': "100x60",
    }),
    labels: { service: "mlflow" },
    steps: [
      [84, []],
      [85, ["warning"]],
      [86, ["warning"]],
      [94, ["warning"]],
      [95, both],
      [96, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 86,
      severity: "warning",
      summary: "mlflow uses 86% of its memory limit",
      description: "Resident memory of mlflow, without page cache, is 86% of its limit; at the limit the kernel kills it. Fires at >= 85%.",
    },
  }),
  {
    alert: "MemoryHigh",
    says: "page cache fills the limit of a broker",
    series: {
      'container_memory_rss{system="ultrathink",service="kafka-1",name="ultrathink-kafka-1"}': "60x60",
      'container_memory_usage_bytes{system="ultrathink",service="kafka-1",name="ultrathink-kafka-1"}': "100x60",
      'container_spec_memory_limit_bytes{system="ultrathink",service="kafka-1",name="ultrathink-kafka-1"}': "100x60",
    },
    at: "20m",
    fires: [],
  },
  {
    alert: "MemoryHigh",
    says: "a full cache, which has a rule of its own",
    series: {
      'container_memory_rss{system="ultrathink",service="redis",name="ultrathink-redis"}': "97x60",
      'container_spec_memory_limit_bytes{system="ultrathink",service="redis",name="ultrathink-redis"}': "100x60",
    },
    at: "20m",
    fires: [],
  },
  {
    alert: "MemoryHigh",
    says: "a container without limit",
    series: {
      'container_memory_rss{system="ultrathink",service="mlflow",name="ultrathink-mlflow"}': "97x60",
      'container_spec_memory_limit_bytes{system="ultrathink",service="mlflow",name="ultrathink-mlflow"}': "0x60",
    },
    at: "20m",
    fires: [],
  },
  ...ladder("CpuHigh", {
    // Two cores; the counter rises by so many percent of 120 s each minute.
    series: used => ({
      'container_cpu_usage_seconds_total{system="ultrathink",service="inference-service",name="ultrathink-inference-service",cpu="total"}': `0+${(used * 12) / 10}x60`,
      'container_spec_cpu_quota{system="ultrathink",service="inference-service",name="ultrathink-inference-service"}': "200000x60",
      'container_spec_cpu_period{system="ultrathink",service="inference-service",name="ultrathink-inference-service"}': "100000x60",
    }),
    labels: { service: "inference-service" },
    steps: [
      [79, []],
      [80, ["warning"]],
      [81, ["warning"]],
      [94, ["warning"]],
      [95, both],
      [96, both],
    ],
    // Until the five minutes of rate() are full, it reads too little.
    waits: [
      ["6m", []],
      ["12m", ["critical"]],
      ["17m", both],
    ],
    text: {
      step: 81,
      severity: "warning",
      summary: "inference-service uses 81% of its CPU limit",
      description: "inference-service has used 81% of its CPU limit over five minutes and is throttled near the limit. Fires at >= 80%.",
    },
  }),
  ...ladder("GpuMemoryHigh", {
    series: used => {
      const labels = '{system="ultrathink",service="dcgm-exporter",gpu="0",UUID="GPU-1",modelName="T4",Hostname="host"}';
      return { [`DCGM_FI_DEV_FB_USED${labels}`]: `${used}x60`, [`DCGM_FI_DEV_FB_FREE${labels}`]: `${100 - used}x60` };
    },
    labels: { service: "dcgm-exporter", gpu: "0" },
    steps: [
      [79, []],
      [80, ["warning"]],
      [81, ["warning"]],
      [94, ["warning"]],
      [95, both],
      [96, both],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
      ["11m", both],
    ],
    text: {
      step: 81,
      severity: "warning",
      summary: "Memory of GPU 0 is 81% full",
      description: "GPU 0 has 81% of its memory in use; the next allocation may fail. Fires at >= 80%.",
    },
  }),
];
