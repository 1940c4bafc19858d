// The pack's types are checked by `make test`. The engine's host would check them on every start, which takes longer than a preview: this loader
// takes its place.
require("tsx/cjs");
require("./pack");
