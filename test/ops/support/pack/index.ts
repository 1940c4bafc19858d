import { PolicyPack } from "@pulumi/policy";

new PolicyPack("t-ops", {
  policies: [
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
