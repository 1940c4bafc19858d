export * from "./alerting";
export * from "./backup";
export * from "./release";
export * from "./service";
export * from "./system";
export * from "./units";
export * from "./graph";
export * from "./growth";
