const swc = ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }];

module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // The client of Kubernetes and what it needs are ES modules, which jest runs only when they are transformed.
  transform: { "^.+\\.ts$": swc, "/node_modules/(@kubernetes/client-node|openid-client|oauth4webapi|jose)/.+\\.js$": swc },
  transformIgnorePatterns: ["/node_modules/(?!(@kubernetes/client-node|openid-client|oauth4webapi|jose)/)"],
};
