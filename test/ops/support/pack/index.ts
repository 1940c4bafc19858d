import { PolicyPack } from "@pulumi/policy";

new PolicyPack("t-ops", {
  policies: [
    {
      name: "no-slow-start",
      description: "No service takes minutes to start: judged on the stack as a whole, which an update shows only once it is there.",
      enforcementLevel: "mandatory",
      validateStack({ resources }, report) {
        if (resources.some(({ props }) => JSON.stringify(props.command ?? "").includes("sleep 777"))) report("a service sleeps for 777 s");
      },
    },
    {
      name: "memory-limit",
      description: "Containers have a memory limit.",
      enforcementLevel: "mandatory",
      validateResource(args, report) {
        if (args.type === "docker:index/container:Container" && args.props.memory !== 32) report("memory is not 32; mend the declaration");
      },
    },
  ],
});
